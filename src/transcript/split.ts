import { compareIds } from "#src/lib/ids.ts";
import { lowerBound } from "./row-order.ts";
import type { Row, TranscriptState } from "./rows.ts";

/**
 * Where a transcript is cut for what is said of all its rows: the page looks at its own rows from this event on, which
 * the stream keeps up to date, and asks the server about those before, which do not change. Null when all are loaded.
 * Older pages that come later leave the cut where it is, so that nothing is asked twice; a fetch anew may move it.
 */
export function splitOf(
  previous: string | null,
  { rows, partial }: Pick<TranscriptState, "rows" | "partial">,
): string | null {
  const first = rows[0]?.first_event_id;
  if (!partial || first === undefined) return null;
  return previous !== null && compareIds(first, previous) <= 0 ? previous : first;
}

/** The rows from the cut on. */
export function rowsAfter(split: string | null, rows: readonly Row[]): readonly Row[] {
  return split === null ? rows : rows.slice(lowerBound(rows, split));
}
