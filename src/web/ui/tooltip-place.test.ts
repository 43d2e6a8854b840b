import { expect, it } from "vitest";
import { type Box, placeTooltip } from "./tooltip-place.ts";

const view = { width: 400, height: 300 };
const bubble = { width: 100, height: 20 };
const at = (left: number, top: number): Box => ({ left, top, width: 20, height: 20 });

it.each<[string, Box, "top" | "bottom", { left: number; top: number }]>([
  ["below, centred", at(200, 100), "bottom", { left: 160, top: 126 }],
  ["above when asked", at(200, 100), "top", { left: 160, top: 74 }],
  ["above when there is no room below", at(200, 275), "bottom", { left: 160, top: 249 }],
  ["below when there is no room above", at(200, 5), "top", { left: 160, top: 31 }],
  ["inside the left edge", at(0, 100), "bottom", { left: 8, top: 126 }],
  ["inside the right edge", at(390, 100), "bottom", { left: 292, top: 126 }],
])("%s", (_, anchor, side, place) => {
  expect(placeTooltip(anchor, bubble, view, side)).toEqual(place);
});
