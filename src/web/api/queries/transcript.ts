import { queryOptions } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";
import type { Row, TranscriptPage } from "#src/transcript/rows.ts";
import { pacedFrames } from "#src/web/api/frames.ts";
import { call } from "#src/web/api/call.ts";
import { watchSession } from "#src/web/api/stream/watch.ts";
import {
  createTranscriptStore,
  type TranscriptSnapshot,
  type TranscriptStore,
} from "#src/web/api/transcript-store.ts";
import { sessionKeys } from "./sessions.ts";

/** Rows of a page: enough for a few screens, little enough to be there at once. */
const PAGE_ROWS = 200;
/** Rows of a page on the way to a row far back. */
const JUMP_ROWS = 2_000;
/** With frames of 16 ms, what streams is drawn twenty times a second: steady to the eye, for less work than every event. */
const DRAW_GAP_MS = 40;
/** How many sessions that were left keep their rows, to be there at once when they are opened again. */
const KEPT_STORES = 6;

const stores = new Map<string, TranscriptStore>();

/** The transcript of a session: one store however many components read it. */
export function transcriptStore(session_id: string): TranscriptStore {
  const store = stores.get(session_id) ?? makeStore(session_id);
  // The map is in the order of use, the longest unused first.
  stores.delete(session_id);
  stores.set(session_id, store);
  const oldest = stores.keys().next().value;
  if (stores.size > KEPT_STORES && oldest !== undefined) stores.delete(oldest);
  return store;
}

function makeStore(session_id: string): TranscriptStore {
  return createTranscriptStore({
    load: (before, much) =>
      call("GET /sessions/{session_id}/transcript", {
        params: { session_id },
        query: { before: before ?? undefined, limit: String(much ? JUMP_ROWS : PAGE_ROWS) },
      }),
    watch: (cursor, handlers) => watchSession(session_id, cursor, handlers),
    nextFrame: pacedFrames(DRAW_GAP_MS),
  });
}

/**
 * What `select` takes from a transcript. The component renders again only when that changes, so it must give the same
 * reference for the same thing.
 */
export function useTranscript<T>(store: TranscriptStore, select: (snapshot: TranscriptSnapshot) => T): T {
  return useSyncExternalStore(
    store.subscribe,
    useCallback(() => select(store.read()), [store, select]),
  );
}

/** Rows of a page when the whole transcript is wanted: the most that the server gives. */
const WHOLE_PAGE_ROWS = 2_000;

/** Every row of a session as it is now, oldest first, whatever the page has loaded. */
export async function wholeTranscript(session_id: string): Promise<Row[]> {
  const pages: (readonly Row[])[] = [];
  let before: string | null = null;
  do {
    const page: TranscriptPage = await call("GET /sessions/{session_id}/transcript", {
      params: { session_id },
      query: { before: before ?? undefined, limit: String(WHOLE_PAGE_ROWS) },
    });
    pages.unshift(page.rows);
    before = page.next_before;
  } while (before !== null);
  return pages.flat();
}

/** The newest rows of a session: what led to where it is. */
export function lastRowsQuery(session_id: string) {
  return queryOptions({
    queryKey: [...sessionKeys.one(session_id), "last-rows"],
    queryFn: ({ signal }) =>
      call("GET /sessions/{session_id}/transcript", {
        params: { session_id },
        query: { limit: "40" },
        signal,
      }),
    staleTime: 0,
  });
}

/** Up to 1,000 events of a session's log after one, with what the backend sent. */
export function sessionEventsQuery(session_id: string, after: string) {
  return queryOptions({
    queryKey: [...sessionKeys.one(session_id), "events", after],
    queryFn: ({ signal }) =>
      call("GET /sessions/{session_id}/events", {
        params: { session_id },
        query: { after, limit: "1000", raw: "1" },
        signal,
      }),
    staleTime: 0,
  });
}

/** What Sandbar sent upstream for a session, newest last. */
export function exchangesQuery(session_id: string) {
  return queryOptions({
    queryKey: [...sessionKeys.one(session_id), "exchanges"],
    queryFn: ({ signal }) => call("GET /sessions/{session_id}/exchanges", { params: { session_id }, signal }),
    staleTime: 0,
  });
}

/** Files of a sandbox whose path contains `q`, for a mention. */
export function fileMentionsQuery(sandbox_id: string, q: string) {
  return queryOptions({
    queryKey: ["sandboxes", sandbox_id, "files", q],
    queryFn: ({ signal }) =>
      call("GET /sandboxes/{sandbox_id}/files", {
        params: { sandbox_id },
        query: { q: q === "" ? undefined : q, limit: "20" },
        signal,
      }),
    staleTime: 10_000,
    retry: false,
  });
}
