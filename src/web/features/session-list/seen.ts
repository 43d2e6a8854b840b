import { useSyncExternalStore } from "react";
import { compareIds } from "#src/lib/ids.ts";
import { createStore } from "#src/lib/store.ts";
import type { Seen } from "./attention.logic.ts";

const storageKey = "sandbar.seen";
/** Enough for every session a person still looks at; older marks go first. */
const keptMarks = 500;

const store = createStore<Seen | null>(typeof localStorage === "undefined" ? null : read());

function read(): Seen | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "null");
    if (typeof value !== "object" || value === null || !("since" in value) || !("sessions" in value))
      return null;
    // Written below and nowhere else.
    return value as Seen;
  } catch {
    return null; // blocked or damaged: this browser begins anew
  }
}

function write(seen: Seen): void {
  store.set(seen);
  try {
    localStorage.setItem(storageKey, JSON.stringify(seen));
  } catch {
    // Blocked or full: the marks last as long as the page.
  }
}

/** What this browser has seen; null before it first saw the list. Follows the other tabs. */
export function useSeen(): Seen | null {
  return useSyncExternalStore(subscribe, store.get);
}

function subscribe(listener: () => void): () => void {
  const handleStorage = (event: StorageEvent) => {
    if (event.key === storageKey) store.set(read());
  };
  window.addEventListener("storage", handleStorage);
  const unsubscribe = store.subscribe(listener);
  return () => {
    window.removeEventListener("storage", handleStorage);
    unsubscribe();
  };
}

/** Counts everything so far as seen, the first time this browser gets the list. */
export function beginSeen(event_ids: readonly string[]): void {
  if (store.get()) return;
  const newest = event_ids.reduce((one, other) => (compareIds(one, other) >= 0 ? one : other), "0");
  write({ since: newest, sessions: {} });
}

/** Notes that a person has seen a session up to an event. */
export function markSeen(session_id: string, event_id: string): void {
  const seen = store.get();
  if (!seen || compareIds(event_id, seen.sessions[session_id] ?? seen.since) <= 0) return;
  const { [session_id]: _previous, ...others } = seen.sessions;
  const marks = [...Object.entries(others), [session_id, event_id] as const];
  write({ ...seen, sessions: Object.fromEntries(marks.slice(-keptMarks)) });
}
