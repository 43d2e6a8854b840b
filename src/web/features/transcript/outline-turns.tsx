import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { formatClock, formatPlural } from "#src/lib/format.ts";
import { outlineOf } from "#src/transcript/outline.ts";
import type { OutlineTurn } from "#src/transcript/rows.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { earlierTurnsQuery } from "#src/web/api/queries/whole-session.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { RetryLine } from "#src/web/ui/retry-line.tsx";
import { turnAt } from "./landmarks.logic.ts";

type OutlineTurnsProps = {
  session_id: string;
  store: TranscriptStore;
  /** The row at the top of the view. */
  topRow: () => string | null;
  onJump: (row_key: string) => void;
};

/** Every turn of the session, as it was when the list was opened: it is a map, not a feed. */
export function OutlineTurns({ session_id, store, topRow, onJump }: OutlineTurnsProps) {
  const [{ rows, before, top }] = useState(() => {
    const { transcript, next_before } = store.read();
    return { rows: transcript?.rows ?? [], before: next_before, top: topRow() };
  });
  const earlier = useQuery(earlierTurnsQuery(session_id, before));
  const turns = useMemo(() => outlineOf(rows, earlier.data?.turns), [rows, earlier.data]);
  const current = turnAt(turns, top);
  const loading = before !== null && earlier.isPending;
  return (
    <nav aria-label="Turns" aria-busy={loading} className="max-h-[60dvh] scroll-column">
      <output className="block px-2 text-xs text-faint">
        {loading && <span className="block py-1">Looking up the older turns…</span>}
      </output>
      {earlier.error && (
        <div className="px-2">
          <RetryLine onRetry={() => void earlier.refetch()}>
            Only the loaded turns are listed. {messageOf(earlier.error)}
          </RetryLine>
        </div>
      )}
      {turns.length === 0 && !loading && <p className="p-2 text-muted">No turns yet</p>}
      <ol>
        {turns.map((turn) => (
          <li key={turn.key} className="[contain-intrinsic-size:auto_2rem] [content-visibility:auto]">
            <button
              type="button"
              aria-current={turn === current || undefined}
              ref={turn === current ? scrollHere : undefined}
              className="flex min-h-8 w-full items-center gap-2 rounded-control px-2 text-left ring-inside hover:bg-hover aria-[current]:bg-selected"
              onClick={() => onJump(turn.key)}
            >
              <span className="shrink-0 text-xs text-faint">{formatClock(turn.at)}</span>
              <bdi className="min-w-0 flex-1 truncate">
                {visibleText(turn.prompt ?? "Before the first prompt")}
              </bdi>
              <TurnNotes turn={turn} />
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Where one reads stands in the middle of the list, also once the older turns are in front of it. */
function scrollHere(button: HTMLButtonElement | null): void {
  button?.scrollIntoView({ block: "center" });
}

function TurnNotes({ turn }: { turn: OutlineTurn }) {
  const notes = [
    turn.pending > 0 && { words: "waits", className: "text-permission" },
    turn.failures > 0 && { words: formatPlural(turn.failures, "failure"), className: "text-failed" },
    turn.requests > 0 &&
      turn.pending === 0 && { words: formatPlural(turn.requests, "request"), className: "text-faint" },
  ].filter((note) => note !== false);
  return notes.map((note) => (
    <span key={note.words} className={`shrink-0 text-xs ${note.className}`}>
      {note.words}
    </span>
  ));
}
