import { compareIds } from "#src/lib/ids.ts";
import { eventOfRow } from "#src/transcript/row-order.ts";
import type { Row } from "#src/transcript/rows.ts";
import { type RowMatches, searchPattern, searchRows } from "#src/transcript/search.ts";

/** What was found in a session, oldest first. */
export type Found = {
  readonly rows: readonly RowMatches[];
  /** How many matches there are in all. */
  readonly total: number;
  /** How many stand before the first of `rows`: over the limit of an answer, they are counted and not shown. */
  readonly skipped: number;
};

/** What the server found in the rows that are not loaded. */
export type OlderMatches = { readonly rows: readonly RowMatches[]; readonly total: number };

/** One match: its row, and which of the row's matches it is, from 0. */
export type MatchPlace = { row_key: string; place: number };

/** What the server found in the older rows and the page in its own, as one. */
export function joinFound(older: OlderMatches | null, own: readonly RowMatches[]): Found {
  const skipped = older ? older.total - countOf(older.rows) : 0;
  return {
    rows: older ? [...older.rows, ...own] : own,
    total: (older?.total ?? 0) + countOf(own),
    skipped,
  };
}

/** Searches rows again and again as they change, looking only into those that are not what they were. */
export function rowSearcher(query: string): (rows: readonly Row[]) => RowMatches[] {
  const known = new WeakMap<Row, RowMatches | null>();
  return (rows) => {
    const all: RowMatches[] = [];
    for (const row of rows) {
      let found = known.get(row);
      if (found === undefined) known.set(row, (found = searchRows([row], query)[0] ?? null));
      if (found) all.push(found);
    }
    return all;
  };
}

/** The match with a number, counted over the whole session from 0; null when it is not among the rows. */
export function matchAt({ rows, skipped }: Found, at: number): MatchPlace | null {
  let start = skipped;
  if (at < start) return null;
  for (const { row_key, count } of rows) {
    if (at < start + count) return { row_key, place: at - start };
    start += count;
  }
  return null;
}

/** The number of the match after or before the current one, around the ends; -1 without matches. */
export function stepMatch({ total, skipped }: Found, current: number, by: 1 | -1): number {
  const count = total - skipped;
  return count <= 0 ? -1 : skipped + ((((current - skipped + by) % count) + count) % count);
}

/**
 * Where to begin: the nearest match below the top of the view, or above it when going back; the newest when there is
 * none on that side, since that is nearest to where one reads. -1 without matches.
 */
export function firstMatch(found: Found, top: string | null, by: 1 | -1): number {
  const { rows, total, skipped } = found;
  if (total === skipped) return -1;
  const below = rows.findIndex(
    ({ row_key }) => top !== null && compareIds(eventOfRow(row_key), eventOfRow(top)) >= 0,
  );
  if (below < 0) return total - 1;
  const first = skipped + countOf(rows.slice(0, below));
  return by === 1 ? first : first === skipped ? total - 1 : first - 1;
}

/** Where a text stands in another, as the search counts it. */
export function occurrences(text: string, query: string): { start: number; length: number }[] {
  const pattern = searchPattern(query);
  return pattern
    ? Array.from(text.matchAll(pattern), ({ index, 0: { length } }) => ({ start: index, length }))
    : [];
}

function countOf(rows: readonly RowMatches[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}
