import { Hourglass, Square } from "lucide-react";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Session } from "#src/domain/session.ts";
import { formatRelative } from "#src/lib/format.ts";
import { createStore } from "#src/lib/store.ts";
import type { OpenTurn } from "#src/transcript/rows.ts";
import { sessionKeys } from "#src/web/api/queries/sessions.ts";
import { useStall } from "#src/web/api/queries/stall.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { Button } from "#src/web/ui/button.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { useNow } from "#src/web/ui/now.ts";
import { type Heard, lastDone, lookAgain } from "./stall.logic.ts";

type StallNoticeProps = {
  session: Session;
  store: TranscriptStore;
  turn: OpenTurn;
  /** Null where a turn cannot be stopped. */
  onStop: (() => void) | null;
  stopping: boolean;
};

/** Says that a turn has been silent for minutes, what it did last, and offers to stop it. */
export function StallNotice({ session, store, turn, onStop, stopping }: StallNoticeProps) {
  const now = useNow();
  const heard = useHeard(store);
  const { transcript } = useSyncExternalStore(withoutNotice, store.read);
  const waits = stopping || session.pending_permissions + session.pending_questions > 0;
  const times = [turn.started_at, session.heard_at].map((at) => (at === null ? 0 : Date.parse(at)));
  const heard_at = Math.max(...times, heard ?? 0);
  const queryKey = useMemo(() => sessionKeys.one(session.id), [session.id]);
  const silent = useStall({ heard_at, waits }, queryKey, now);
  if (silent === null) return null;
  const last = transcript && lastDone(transcript);
  return (
    <section
      aria-label="Silent turn"
      className="mb-2 flex flex-wrap items-center gap-x-2 gap-y-1 rounded-card border border-border bg-surface px-3 py-2"
    >
      <Hourglass size={14} aria-hidden className="shrink-0 text-permission" />
      <p className="min-w-0 flex-1 basis-40">
        <span className="font-medium">
          No event for {formatRelative(new Date(heard_at).toISOString(), now, { short: true })}
        </span>
        {last && (
          <span className="text-muted">
            ; last: <code className="font-mono">{visibleText(last.words)}</code>{" "}
            {last.isRunning ? "still running" : "done"}
          </span>
        )}
      </p>
      {onStop && (
        <Button size="sm" icon={<Square size={12} aria-hidden />} onClick={onStop}>
          Stop
        </Button>
      )}
    </section>
  );
}

/** When the log was last seen to move on. Read with each change of the clock: an event alone draws nothing. */
function useHeard(store: TranscriptStore): number | null {
  const [heard] = useState(() => createStore<Heard>({ cursor: null, at: null }));
  useEffect(() => {
    const look = () => heard.set(lookAgain(heard.get(), store.read().transcript?.cursor ?? null, Date.now()));
    look();
    return store.subscribe(look);
  }, [store, heard]);
  return useSyncExternalStore(withoutNotice, heard.get).at;
}

function withoutNotice(): () => void {
  return () => {};
}
