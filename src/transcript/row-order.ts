import { compareIds } from "#src/lib/ids.ts";
import type { Row } from "./rows.ts";

/** The id of the event that opened a row, from the row's key. */
export function eventOfRow(row_key: string): string {
  return row_key.slice(row_key.indexOf(":") + 1);
}

/** Where the first row at or after event `id` stands; rows are in the order of the events that opened them. */
export function lowerBound(rows: readonly Row[], id: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row && compareIds(row.first_event_id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first row that began after one event and up to another; null when there is none, or none before it. */
export function firstBetween(rows: readonly Row[], after: string, to: string): Row | null {
  const at = lowerBound(rows, after);
  const index = rows[at]?.first_event_id === after ? at + 1 : at;
  const row = rows[index];
  return index > 0 && row && compareIds(row.first_event_id, to) <= 0 ? row : null;
}

/** The index of the row that event `id` opened, or -1. */
export function findRow(rows: readonly Row[], id: string): number {
  // Nearly every event of a stream changes the newest row.
  if (rows.at(-1)?.first_event_id === id) return rows.length - 1;
  const index = lowerBound(rows, id);
  return rows[index]?.first_event_id === id ? index : -1;
}
