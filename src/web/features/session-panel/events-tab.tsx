import { CornerDownLeft } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { compareIds } from "#src/lib/ids.ts";
import { formatCount, formatExact } from "#src/lib/format.ts";
import type { Row } from "#src/transcript/rows.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { JsonView, toJson } from "#src/web/ui/content/json-view.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { Select } from "#src/web/ui/select.tsx";
import { eventSummary, eventTypes, filterEvents, type LoggedEvent } from "./events.logic.ts";
import { useEvents } from "./use-events.ts";

type EventsTabProps = {
  session_id: string;
  store: TranscriptStore;
  /** The row whose events are to be shown; a new object asks again. */
  focus: { row: Row } | null;
  onShowRow: (row_key: string) => void;
};

const ALL = "all";

/** The log itself: every event with what the backend sent. */
export function EventsTab({ session_id, store, focus, onShowRow }: EventsTabProps) {
  const { events, error, complete, retry } = useEvents(session_id, store);
  const [type, setType] = useState(ALL);
  const [text, setText] = useState("");
  const types = useMemo(() => eventTypes(events), [events]);
  const shown = useMemo(
    () => filterEvents(events, { type: type === ALL ? "" : type, text }),
    [events, type, text],
  );
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const scrollRef = useMemo(() => ({ current: scroller }), [scroller]);
  const list = useRef<VirtualizerHandle>(null);
  const inFocus = (event: LoggedEvent): boolean => {
    if (!focus) return false;
    const { first_event_id, last_event_id } = focus.row;
    return compareIds(event.id, first_event_id) >= 0 && compareIds(event.id, last_event_id) <= 0;
  };

  const wanted = focus?.row.first_event_id;
  const target = wanted === undefined ? -1 : shown.findIndex((event) => compareIds(event.id, wanted) >= 0);
  useEffect(() => {
    if (focus && target >= 0) list.current?.scrollToIndex(target, { align: "start" });
  }, [target, focus]);

  if (error && events.length === 0) {
    return <ErrorState title="The log could not be loaded" text={messageOf(error)} onRetry={retry} />;
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex gap-2 p-2">
        <Input
          type="search"
          aria-label="Filter events by text"
          placeholder="Filter"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="w-32 shrink-0">
          <Select
            label="Filter events by type"
            value={type}
            onValueChange={setType}
            items={[
              { value: ALL, label: "All types" },
              ...types.map((name) => ({ value: name, label: name })),
            ]}
          />
        </div>
        <CopyButton text={() => toJson(shown)} label="Copy these events as JSON" size="md" />
      </div>
      <p className="px-3 pb-1 text-xs text-faint" aria-live="polite">
        {complete ? "" : "Loading… "}
        {shown.length === events.length
          ? `${formatCount(events.length)} events`
          : `${formatCount(shown.length)} of ${formatCount(events.length)} events`}
      </p>
      <div ref={setScroller} className="min-h-0 flex-1 scroll-column border-t border-border">
        {scroller && (
          <Virtualizer ref={list} data={shown} scrollRef={scrollRef}>
            {(event) => (
              <EventLine
                key={event.id}
                event={event}
                marked={inFocus(event)}
                store={store}
                onShowRow={onShowRow}
              />
            )}
          </Virtualizer>
        )}
      </div>
    </div>
  );
}

type EventLineProps = {
  event: LoggedEvent;
  marked: boolean;
  store: TranscriptStore;
  onShowRow: (row_key: string) => void;
};

function EventLine({ event, marked, store, onShowRow }: EventLineProps) {
  const row_key = rowOf(event.id, store.read().transcript?.rows ?? []);
  return (
    <div className={marked ? "flex items-start bg-selected px-2" : "flex items-start px-2"}>
      <Disclosure
        className="min-w-0 flex-1"
        summary={
          <span className="flex items-baseline gap-2 text-xs" title={formatExact(event.timestamp)}>
            <span className="shrink-0 font-mono text-faint">{event.id}</span>
            <span className="shrink-0 font-mono text-text">{visibleText(event.event_type)}</span>
            <span className="min-w-0 flex-1 truncate text-faint">{visibleText(eventSummary(event))}</span>
          </span>
        }
      >
        <div className="flex flex-col gap-2 pb-2">
          <JsonView value={event.data} label="event data" />
          {event.raw !== undefined && event.raw !== null && (
            <>
              <p className="text-xs text-faint">As the backend sent it</p>
              <JsonView value={event.raw} label="upstream payload" />
            </>
          )}
        </div>
      </Disclosure>
      {row_key && (
        <IconButton
          size="sm"
          label="Show in the transcript"
          icon={<CornerDownLeft size={14} />}
          onClick={() => onShowRow(row_key)}
        />
      )}
    </div>
  );
}

/** The newest loaded row that an event may belong to. */
function rowOf(event_id: string, rows: readonly Row[]): string | null {
  const row = rows.findLast(
    ({ first_event_id, last_event_id }) =>
      compareIds(first_event_id, event_id) <= 0 && compareIds(event_id, last_event_id) <= 0,
  );
  return row?.key ?? null;
}
