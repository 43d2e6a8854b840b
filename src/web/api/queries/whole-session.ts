import { queryOptions } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Row } from "#src/transcript/rows.ts";
import { call } from "#src/web/api/call.ts";
import { rowsAfter, splitOf } from "#src/transcript/split.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { sessionKeys } from "./sessions.ts";
import { useTranscript } from "./transcript.ts";

/** What the server says of rows before an event does not change, but for calls that still run there. */
const STALE_MS = 60_000;

const noRows: readonly Row[] = [];

/** A session's rows in two parts: `rows`, which are here, and those before the event `before`, if any are not. */
export type SplitRows = { before: string | null; rows: readonly Row[] };

/** The rows that are here and up to date, and before which event the server has to be asked; see `splitOf`. */
export function useSplitRows(store: TranscriptStore): SplitRows {
  const transcript = useTranscript(store, (snapshot) => snapshot.transcript);
  const [last, setLast] = useState<string | null>(null);
  const before = transcript ? splitOf(last, transcript) : null;
  if (before !== last) setLast(before);
  const rows = transcript?.rows ?? noRows;
  return useMemo(() => ({ before, rows: rowsAfter(before, rows) }), [before, rows]);
}

/** The rows before an event that hold a text. */
export function transcriptSearchQuery(session_id: string, q: string, before: string | null) {
  return queryOptions({
    queryKey: [...sessionKeys.one(session_id), "search", before, q],
    queryFn: ({ signal }) =>
      call("GET /sessions/{session_id}/transcript/search", {
        params: { session_id },
        query: { q, before: before ?? undefined },
        signal,
      }),
    enabled: q !== "" && before !== null,
    staleTime: STALE_MS,
    // The person waits for it, and is offered to try again.
    retry: false,
  });
}

/** The files that the rows before an event changed. */
export function earlierChangesQuery(session_id: string, before: string | null) {
  return queryOptions({
    queryKey: [...sessionKeys.one(session_id), "changes", before],
    queryFn: ({ signal }) =>
      call("GET /sessions/{session_id}/changes", {
        params: { session_id },
        query: { before: before ?? undefined },
        signal,
      }),
    enabled: before !== null,
    staleTime: STALE_MS,
    retry: false,
  });
}

/** The turns of the rows before an event. */
export function earlierTurnsQuery(session_id: string, before: string | null) {
  return queryOptions({
    queryKey: [...sessionKeys.one(session_id), "outline", before],
    queryFn: ({ signal }) =>
      call("GET /sessions/{session_id}/outline", {
        params: { session_id },
        query: { before: before ?? undefined },
        signal,
      }),
    enabled: before !== null,
    staleTime: STALE_MS,
    retry: false,
  });
}
