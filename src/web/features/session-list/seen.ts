import { useSyncExternalStore } from "react";
import { compareIds } from "#src/lib/ids.ts";
import { createStored } from "#src/web/ui/stored.ts";
import type { Seen } from "./attention.logic.ts";

/** Enough for every session a person still looks at; older marks go first. */
const keptMarks = 500;

const store = createStored<Seen | null>("sandbar.seen", {
  parse: (kept) =>
    typeof kept === "object" && kept !== null && "since" in kept && "sessions" in kept
      ? (kept as Seen) // written below and nowhere else
      : null,
});

/** What this browser has seen; null before it first saw the list. Follows the other tabs. */
export function useSeen(): Seen | null {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** Counts everything so far as seen, the first time this browser gets the list. */
export function beginSeen(event_ids: readonly string[]): void {
  if (store.get()) return;
  const newest = event_ids.reduce((one, other) => (compareIds(one, other) >= 0 ? one : other), "0");
  store.set({ since: newest, sessions: {} });
}

/** Notes that a person has seen a session up to an event. */
export function markSeen(session_id: string, event_id: string): void {
  const seen = store.get();
  if (!seen || compareIds(event_id, seen.sessions[session_id] ?? seen.since) <= 0) return;
  const { [session_id]: _previous, ...others } = seen.sessions;
  const marks = [...Object.entries(others), [session_id, event_id] as const];
  store.set({ ...seen, sessions: Object.fromEntries(marks.slice(-keptMarks)) });
}
