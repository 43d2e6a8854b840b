import type { SearchMatch } from "#src/transcript/search.ts";

/** The place after or before the current one, around the ends; -1 without matches. */
export function stepMatch(current: number, count: number, by: 1 | -1): number {
  if (count === 0) return -1;
  if (current < 0) return by === 1 ? 0 : count - 1;
  return (current + by + count) % count;
}

/** Which match of its row a match is, counted from 0: what tells it apart among the row's marks on the page. */
export function placeInRow(matches: readonly SearchMatch[], at: number): number {
  const row_key = matches[at]?.row_key;
  let place = 0;
  for (let index = at - 1; index >= 0 && matches[index]?.row_key === row_key; index -= 1) place += 1;
  return place;
}

/** Where a text occurs in another, whatever its case. */
export function occurrences(text: string, query: string): number[] {
  const wanted = query.toLowerCase();
  const places: number[] = [];
  if (wanted === "") return places;
  const source = text.toLowerCase();
  // A letter whose lower case is longer would move what follows it; such a text is left unmarked.
  if (source.length !== text.length) return places;
  for (let at = source.indexOf(wanted); at >= 0; at = source.indexOf(wanted, at + wanted.length))
    places.push(at);
  return places;
}
