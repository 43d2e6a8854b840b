import { ChevronDown, ChevronUp, LoaderCircle, X } from "lucide-react";
import { type RefObject, useEffect, useRef } from "react";
import { formatCount } from "#src/lib/format.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { cn } from "#src/web/ui/cn.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { RetryLine } from "#src/web/ui/retry-line.tsx";
import { clearMarks, type CurrentMark, markMatches, showRange } from "./marks.ts";
import type { TranscriptHandle } from "./transcript.tsx";
import { type Find, useFind } from "./use-find.ts";
import "./transcript.css";

type FindBarProps = {
  session_id: string;
  store: TranscriptStore;
  transcript: RefObject<TranscriptHandle | null>;
  onClose: () => void;
};

/** Finds text in the whole session, whether or not its rows are loaded or on the page. */
export function FindBar({ session_id, store, transcript, onClose }: FindBarProps) {
  const find = useFind({ session_id, store, transcript });
  useMarks(transcript, find.query, find.here);
  const none = find.found.rows.length === 0;
  return (
    <search className="border-b border-border bg-surface px-4 py-1.5 md:px-6">
      <div className="flex items-center gap-1">
        <Input
          type="search"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person just asked to find something
          autoFocus
          aria-label="Find in the transcript"
          placeholder="Find in the transcript"
          className="max-w-xs"
          value={find.typed}
          onChange={(event) => find.setTyped(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") onClose();
            else if (event.key === "Enter") find.step(event.shiftKey ? -1 : 1);
            else return;
            event.preventDefault();
          }}
        />
        <span className="flex min-w-24 items-center gap-1.5 px-1 text-xs text-muted">
          <Count find={find} asked={find.typed.trim() !== ""} />
          {(find.searching || find.going) && (
            <LoaderCircle size={12} className="shrink-0 animate-spin" aria-hidden />
          )}
        </span>
        <IconButton
          size="sm"
          label="Previous match"
          keys="shift+Enter"
          icon={<ChevronUp size={14} />}
          disabled={none}
          onClick={() => find.step(-1)}
        />
        <IconButton
          size="sm"
          label="Next match"
          keys="Enter"
          icon={<ChevronDown size={14} />}
          disabled={none}
          onClick={() => find.step(1)}
        />
        <span className="flex-1" />
        <IconButton size="sm" label="Close find" keys="Escape" icon={<X size={14} />} onClick={onClose} />
      </div>
      {find.error && (
        <RetryLine onRetry={find.retry}>
          Only the loaded messages were searched. {messageOf(find.error)}
        </RetryLine>
      )}
    </search>
  );
}

/** How many there are, and at which one is; what was found last stays until there is something new. */
function Count({ find, asked }: { find: Find; asked: boolean }) {
  const { found, current, searching } = find;
  const known = asked && found.total > 0;
  return (
    <output className={cn("whitespace-nowrap", searching && known && "opacity-60")}>
      {searching && <span className={cn(known && "sr-only")}>Searching…</span>}
      {known && (current < 0 ? matchWords(found.total) : placeWords(current, found.total))}
      {asked && !searching && !known && "No match"}
    </output>
  );
}

function matchWords(total: number): string {
  return `${formatCount(total)} ${total === 1 ? "match" : "matches"}`;
}

function placeWords(current: number, total: number): string {
  return `${formatCount(current + 1)} of ${formatCount(total)}`;
}

/** How often marks follow what scrolling and streaming put on the page, in milliseconds. */
const REMARK_MS = 250;

/** Marks what was found in the rows on the page, and scrolls to the current match once, when it is there. */
function useMarks(
  transcript: RefObject<TranscriptHandle | null>,
  query: string,
  here: CurrentMark | null,
): void {
  const shown = useRef<CurrentMark>(null);
  useEffect(() => {
    const mark = () => {
      const root = transcript.current?.element();
      if (!root) return;
      const range = markMatches(root, query, here);
      if (range && here !== shown.current) {
        shown.current = here;
        showRange(root, range);
      }
    };
    mark();
    const timer = setInterval(mark, REMARK_MS);
    return () => {
      clearInterval(timer);
      clearMarks();
    };
  }, [transcript, query, here]);
}
