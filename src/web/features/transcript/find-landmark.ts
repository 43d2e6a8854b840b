import type { QueryClient } from "@tanstack/react-query";
import { outlineOf } from "#src/transcript/outline.ts";
import { earlierTurnsQuery } from "#src/web/api/queries/whole-session.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { type Direction, type Landmark, nextLandmark } from "./landmarks.logic.ts";

type Step = {
  session_id: string;
  /** The row to count from; null counts from the end. */
  from: string | null;
  kind: Landmark;
  direction: Direction;
};

/**
 * The landmark before or after a row, over the whole session: the server is asked when it is not among the rows that
 * are loaded. Null when there is none; throws `ApiError`.
 */
export async function findLandmark(
  client: QueryClient,
  store: TranscriptStore,
  { session_id, from, kind, direction }: Step,
): Promise<string | null> {
  const { transcript, next_before } = store.read();
  const own = nextLandmark(outlineOf(transcript?.rows ?? []), from, kind, direction);
  if (own !== null || direction === "next" || next_before === null) return own;
  const { turns } = await client.fetchQuery(earlierTurnsQuery(session_id, next_before));
  return nextLandmark(turns, from, kind, direction);
}
