export type Box = { left: number; top: number; width: number; height: number };
type Size = { width: number; height: number };

const gap = 6;
const margin = 8;

/** Where a tooltip goes: centred at its side of the anchor, at the other side when there is no room, within the window. */
export function placeTooltip(anchor: Box, bubble: Size, view: Size, side: "top" | "bottom") {
  const above = anchor.top - gap - bubble.height;
  const below = anchor.top + anchor.height + gap;
  const fitsAbove = above >= margin;
  const fitsBelow = below + bubble.height <= view.height - margin;
  const isAbove = side === "top" ? fitsAbove || !fitsBelow : !fitsBelow && fitsAbove;
  const centred = anchor.left + anchor.width / 2 - bubble.width / 2;
  return {
    left: Math.max(margin, Math.min(centred, view.width - margin - bubble.width)),
    top: isAbove ? above : below,
  };
}
