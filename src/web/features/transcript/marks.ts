import { occurrences } from "./find.logic.ts";

const ALL = "found";
const CURRENT = "found-current";

/**
 * Marks what was found in the text on the page, without touching the page: the CSS Custom Highlight API paints ranges.
 * A browser without it shows no marks; going from match to match works all the same.
 */
export function markMatches(
  root: HTMLElement,
  query: string,
  current: { row_key: string; place: number } | null,
): void {
  clearMarks();
  if (query === "" || !("highlights" in CSS)) return;
  const all = new Highlight();
  const here = new Highlight();
  for (const row of root.querySelectorAll<HTMLElement>("[data-row]")) {
    const ranges = rangesIn(row, query);
    for (const [place, range] of ranges.entries()) {
      const isCurrent =
        row.dataset.row === current?.row_key && place === Math.min(current?.place ?? 0, ranges.length - 1);
      (isCurrent ? here : all).add(range);
    }
  }
  CSS.highlights.set(ALL, all);
  CSS.highlights.set(CURRENT, here);
}

export function clearMarks(): void {
  if (!("highlights" in CSS)) return;
  CSS.highlights.delete(ALL);
  CSS.highlights.delete(CURRENT);
}

function rangesIn(row: HTMLElement, query: string): Range[] {
  const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
  const ranges: Range[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (const at of occurrences(node.textContent ?? "", query)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + query.length);
      ranges.push(range);
    }
  }
  return ranges;
}
