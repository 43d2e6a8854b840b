import { useEffect, useSyncExternalStore } from "react";
import { compareIds } from "#src/lib/ids.ts";
import { createStore } from "#src/lib/store.ts";
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

/** What came between two looks at a session: events after `after`, up to `to`. What comes later is seen as it comes. */
export type Missed = { after: string; to: string };

/** The session that this tab looks at, and what of it nobody saw until then; null when it was never seen before. */
const look = createStore<{ session_id: string; missed: Missed | null } | null>(null);

/** What came since the last look at a session; null when this is the first. */
export function useMissed(session_id: string): Missed | null {
  const now = useSyncExternalStore(look.subscribe, look.get);
  return now?.session_id === session_id ? now.missed : null;
}

let isLooking = false;

/** Notes that nobody looks at the session any more: who comes back to it begins another look. */
export function lookAway(): void {
  isLooking = false;
}

/**
 * Notes what a session's page has shown when somebody leaves it: the list, whose news mark it meanwhile, may be behind.
 * `shownTo` gives the newest event on the page; the same function for as long as it is that session's.
 */
export function useSeenOnLeaving(session_id: string, shownTo: () => string | undefined): void {
  useEffect(() => {
    const mark = () => {
      const event_id = shownTo();
      if (event_id !== undefined && isLooking) markSeen(session_id, event_id);
    };
    const handleVisibility = () => {
      if (document.visibilityState === "hidden") mark();
    };
    document.addEventListener("visibilitychange", handleVisibility);
    return () => {
      document.removeEventListener("visibilitychange", handleVisibility);
      mark();
    };
  }, [session_id, shownTo]);
}

/** Notes that a person has seen a session up to an event. */
export function markSeen(session_id: string, event_id: string): void {
  const seen = store.get();
  if (!isLooking || look.get()?.session_id !== session_id) {
    isLooking = true;
    const after = seen?.sessions[session_id];
    look.set({ session_id, missed: after === undefined ? null : { after, to: event_id } });
  }
  if (!seen || compareIds(event_id, seen.sessions[session_id] ?? seen.since) <= 0) return;
  const { [session_id]: _previous, ...others } = seen.sessions;
  const marks = [...Object.entries(others), [session_id, event_id] as const];
  store.set({ ...seen, sessions: Object.fromEntries(marks.slice(-keptMarks)) });
}
