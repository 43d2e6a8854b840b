import { ListOrdered } from "lucide-react";
import { useState } from "react";
import { formatClock, formatPlural } from "#src/lib/format.ts";
import { type OutlineTurn, outlineOf } from "#src/transcript/outline.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Popover } from "#src/web/ui/popover.tsx";

/** The turns of the session, to jump to. Read when it opens: it is a map, not a feed. */
export function Outline({ store, onJump }: { store: TranscriptStore; onJump: (row_key: string) => void }) {
  const [open, setOpen] = useState(false);
  const turns = open ? outlineOf(store.read().transcript?.rows ?? []) : [];
  const partial = open && store.read().next_before !== null;
  return (
    <Popover
      label="Outline"
      align="end"
      open={open}
      onOpenChange={setOpen}
      className="w-96 p-1"
      trigger={<IconButton size="sm" label="Outline of turns" icon={<ListOrdered size={16} />} />}
    >
      <nav aria-label="Turns" className="max-h-[60dvh] scroll-column">
        {turns.length === 0 && <p className="p-2 text-muted">No turns yet</p>}
        {partial && <p className="px-2 py-1 text-xs text-faint">Older turns load when you scroll up.</p>}
        <ol>
          {turns.map((turn) => (
            <li key={turn.key}>
              <button
                type="button"
                className="flex min-h-8 w-full items-center gap-2 rounded-control px-2 text-left ring-inside hover:bg-hover"
                onClick={() => {
                  setOpen(false);
                  onJump(turn.key);
                }}
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
    </Popover>
  );
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
