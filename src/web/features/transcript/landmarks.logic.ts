import { compareIds } from "#src/lib/ids.ts";
import { eventOfRow } from "#src/transcript/row-order.ts";
import type { OutlineTurn } from "#src/transcript/rows.ts";

/** What one can step between: what a person said, and what needs looking at: a failure, or what asked a person. */
export type Landmark = "turn" | "trouble";

export type Direction = "previous" | "next";

/** The row before or after `from` that is a landmark; null when there is none. Without `from` it counts from the end. */
export function nextLandmark(
  turns: readonly OutlineTurn[],
  from: string | null,
  kind: Landmark,
  direction: Direction,
): string | null {
  const keys = turns.flatMap(({ key, prompt, troubles }) =>
    kind === "trouble" ? troubles : prompt === null ? [] : [key],
  );
  const order = (key: string) => (from === null ? -1 : compareIds(eventOfRow(key), eventOfRow(from)));
  const found =
    direction === "previous" ? keys.findLast((key) => order(key) < 0) : keys.find((key) => order(key) > 0);
  return found ?? null;
}

/** The turn that a row belongs to: the last that begins at it or before. The newest one for null. */
export function turnAt(turns: readonly OutlineTurn[], row_key: string | null): OutlineTurn | undefined {
  if (row_key === null) return turns.at(-1);
  return turns.findLast(({ key }) => compareIds(eventOfRow(key), eventOfRow(row_key)) <= 0);
}
