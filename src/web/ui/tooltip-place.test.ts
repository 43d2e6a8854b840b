import { expect, it } from "vitest";
import { type Box, placeTooltip } from "./tooltip-place.ts";

const view = { width: 400, height: 300 };
const bubble = { width: 100, height: 20 };
const at = (left: number, top: number): Box => ({ left, top, width: 20, height: 20 });
const nothing = () => 0;

it.each<[string, Box, "top" | "bottom", { left: number; top: number }]>([
  ["below, centred", at(200, 100), "bottom", { left: 160, top: 126 }],
  ["above when asked", at(200, 100), "top", { left: 160, top: 74 }],
  ["above when there is no room below", at(200, 275), "bottom", { left: 160, top: 249 }],
  ["below when there is no room above", at(200, 5), "top", { left: 160, top: 31 }],
  ["inside the left edge", at(0, 100), "bottom", { left: 8, top: 126 }],
  ["inside the right edge", at(390, 100), "bottom", { left: 292, top: 126 }],
])("%s", (_, anchor, side, place) => {
  expect(placeTooltip(anchor, bubble, view, side, nothing)).toEqual(place);
});

it.each<[string, Box, (box: Box) => number, { left: number; top: number }]>([
  ["above when a control is below", at(200, 100), ({ top }) => (top < 120 ? 0 : 1), { left: 160, top: 74 }],
  ["beside, to the right", at(200, 100), ({ top }) => (top === 100 ? 0 : 1), { left: 226, top: 100 }],
  ["beside, to the left", at(200, 100), ({ left }) => (left < 150 ? 0 : 1), { left: 94, top: 100 }],
  ["not out of the window", at(375, 100), ({ left }) => (left > 300 ? 0 : 1), { left: 292, top: 126 }],
  [
    "the fewest when each place hides some",
    at(200, 100),
    ({ top }) => (top < 90 ? 1 : 2),
    { left: 160, top: 74 },
  ],
  ["its own side when all hide as many", at(200, 100), () => 2, { left: 160, top: 126 }],
])("hides few controls: %s", (_, anchor, hidden, place) => {
  expect(placeTooltip(anchor, bubble, view, "bottom", hidden)).toEqual(place);
});

it("tells of whole boxes, also for a rectangle that has its size from a prototype", () => {
  const seen: Box[] = [];
  placeTooltip(at(200, 100), Object.create(bubble), view, "bottom", (box) => {
    seen.push(box);
    return 0;
  });
  expect(seen.map(({ width, height }) => [width, height])).toEqual([
    [100, 20],
    [100, 20],
    [100, 20],
    [100, 20],
  ]);
});
