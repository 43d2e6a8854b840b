import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { compareIds } from "#src/lib/ids.ts";
import { sessionEventsQuery, useTranscript } from "#src/web/api/queries/transcript.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import type { LoggedEvent } from "./events.logic.ts";

type Loaded = { events: readonly LoggedEvent[]; cursor: string; complete: boolean; error: Error | null };

/** Wait this long after the last news before fetching more: a stream changes the cursor with every frame. */
const SETTLE_MS = 700;

/** The whole log of a session, a thousand events at a time, followed while it grows. */
export function useEvents(session_id: string, store: TranscriptStore) {
  const client = useQueryClient();
  const newest = useTranscript(store, ({ transcript }) => transcript?.cursor ?? "0");
  const [loaded, setLoaded] = useState<Loaded>({ events: [], cursor: "0", complete: false, error: null });

  useEffect(() => {
    if (loaded.error || (loaded.complete && compareIds(newest, loaded.cursor) <= 0)) return;
    let stopped = false;
    const load = async () => {
      try {
        const { items } = await client.fetchQuery(sessionEventsQuery(session_id, loaded.cursor));
        if (!stopped) setLoaded((before) => append(before, items, newest));
      } catch (error) {
        const shown = error instanceof Error ? error : new Error(String(error));
        if (!stopped) setLoaded((before) => ({ ...before, error: shown }));
      }
    };
    const timer = setTimeout(() => void load(), loaded.complete ? SETTLE_MS : 0);
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, [client, session_id, loaded, newest]);

  const retry = useCallback(() => setLoaded((before) => ({ ...before, error: null })), []);
  return { ...loaded, retry };
}

/** The log with the next events; without any it is complete up to what is known to exist. */
function append(before: Loaded, items: readonly LoggedEvent[], newest: string): Loaded {
  const last = items.at(-1);
  if (!last) {
    const cursor = compareIds(newest, before.cursor) > 0 ? newest : before.cursor;
    return { ...before, cursor, complete: true };
  }
  return { events: [...before.events, ...items], cursor: last.id, complete: before.complete, error: null };
}
