import { occurrences } from "./find.logic.ts";

const ALL = "found";
const CURRENT = "found-current";

/** The match that one has gone to: the item of the list it stands in, and which of the item's matches it is, from 0. */
export type CurrentMark = { item_key: string; place: number };

/**
 * Marks what was found in the text on the page, without touching the page: the CSS Custom Highlight API paints ranges.
 * A browser without it shows no marks; going from match to match works all the same. Gives the range of the current
 * match, once it is on the page.
 */
export function markMatches(root: HTMLElement, query: string, current: CurrentMark | null): Range | null {
  const all: Range[] = [];
  let here: Range | null = null;
  for (const item of root.querySelectorAll<HTMLElement>("[data-item]")) {
    const ranges = rangesIn(item, query);
    // A card shows less than its row holds, or in other words: then the last one in it is the nearest.
    const place =
      item.dataset.item === current?.item_key ? Math.min(current?.place ?? 0, ranges.length - 1) : -1;
    here ??= ranges[place] ?? null;
    all.push(...ranges.filter((_, index) => index !== place));
  }
  paint(ALL, all);
  paint(CURRENT, here ? [here] : []);
  return here;
}

export function clearMarks(): void {
  paint(ALL, []);
  paint(CURRENT, []);
}

/** Scrolls whatever scrolls around a range, up to `root`, until the range is in view. */
export function showRange(root: HTMLElement, range: Range): void {
  let element = range.startContainer.parentElement;
  while (element && root.contains(element)) {
    const [inner, outer] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
    const hidden = inner.top < outer.top || inner.bottom > outer.bottom;
    const scrolls =
      element.scrollHeight > element.clientHeight && getComputedStyle(element).overflowY !== "visible";
    if (hidden && scrolls) element.scrollTop += inner.top - outer.top - element.clientHeight / 2;
    element = element.parentElement;
  }
}

function paint(name: string, ranges: readonly Range[]): void {
  if (!("highlights" in CSS)) return;
  if (ranges.length === 0) CSS.highlights.delete(name);
  else CSS.highlights.set(name, new Highlight(...ranges));
}

/** What a run of text ends with: colours and bold words cut a text into many nodes, but not what is said in it. */
const BLOCKS = "p, div, li, td, th, pre, button, figcaption, h1, h2, h3, h4, h5, h6";

function rangesIn(item: HTMLElement, query: string): Range[] {
  return runsIn(item).flatMap((nodes) => {
    const text = nodes.map(({ data }) => data).join("");
    return occurrences(text, query).map(({ start, length }) => {
      const range = document.createRange();
      range.setStart(...pointAt(nodes, start));
      range.setEnd(...pointAt(nodes, start + length));
      return range;
    });
  });
}

/** The texts under an element, those that read on as one together. */
function runsIn(item: HTMLElement): Text[][] {
  const walker = document.createTreeWalker(item, NodeFilter.SHOW_TEXT);
  const runs: Text[][] = [];
  let last: Element | null | undefined;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node instanceof Text)) continue;
    const block = node.parentElement?.closest(BLOCKS);
    if (block === last) runs.at(-1)?.push(node);
    else runs.push([node]);
    last = block;
  }
  return runs;
}

/** The node in which a letter of a run stands, and its number there. */
function pointAt(nodes: readonly Text[], offset: number): [node: Text, offset: number] {
  let rest = offset;
  for (const node of nodes) {
    if (rest <= node.length) return [node, rest];
    rest -= node.length;
  }
  throw new RangeError(`no letter ${offset} in this run of text`);
}
