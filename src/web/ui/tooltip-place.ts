export type Box = { left: number; top: number; width: number; height: number };
type Size = { width: number; height: number };
type Place = { left: number; top: number };

const gap = 6;
const margin = 8;

/**
 * Where a tooltip goes: at its side of the anchor, at the other side, or beside it. Of the places within the window it
 * is the first of those that hide the fewest controls; `hidden` counts them.
 */
export function placeTooltip(
  anchor: Box,
  bubble: Size,
  view: Size,
  side: "top" | "bottom",
  hidden: (box: Box) => number,
): Place {
  const across = inside(anchor.left + anchor.width / 2 - bubble.width / 2, view.width - bubble.width);
  const along = inside(anchor.top + anchor.height / 2 - bubble.height / 2, view.height - bubble.height);
  const above = { left: across, top: anchor.top - gap - bubble.height };
  const below = { left: across, top: anchor.top + anchor.height + gap };
  const right = { left: anchor.left + anchor.width + gap, top: along };
  const left = { left: anchor.left - gap - bubble.width, top: along };
  const preferred = side === "top" ? [above, below] : [below, above];
  const places = [...preferred, right, left].filter((place) => fits(place, bubble, view));
  // Field by field: a rectangle of the browser's has nothing of its own to spread.
  const { width, height } = bubble;
  const counts = places.map((place) => hidden({ ...place, width, height }));
  return places[counts.indexOf(Math.min(...counts))] ?? below;
}

function inside(at: number, most: number): number {
  return Math.max(margin, Math.min(at, most - margin));
}

function fits({ left, top }: Place, { width, height }: Size, view: Size): boolean {
  return (
    left >= margin &&
    top >= margin &&
    left + width <= view.width - margin &&
    top + height <= view.height - margin
  );
}
