import { expect, it } from "vitest";
import { eventLog } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { emptyTranscript } from "./page.ts";
import { findRow, firstBetween, lowerBound } from "./row-order.ts";

/** Rows that the events 1, 3 and 4 opened. */
const { rows } = foldAll(
  emptyTranscript(),
  eventLog(
    ["error", { message: "a" }],
    ["turn_started", { turn_id: "t", message_id: null }],
    ["error", { message: "b" }],
    ["error", { message: "c" }],
  ),
);

it.each([
  ["0", 0, -1],
  ["1", 0, 0],
  ["2", 1, -1],
  ["3", 1, 1],
  ["9", 3, -1],
])("event %s: the first row at or after it is %i, the one it opened %i", (id, at, own) => {
  expect(lowerBound(rows, id)).toBe(at);
  expect(findRow(rows, id)).toBe(own);
});

it.each([
  ["0", "9", null, "nothing stands before it"],
  ["1", "9", "3", "the next"],
  ["2", "9", "3", "the next, whether the event opened a row or not"],
  ["2", "3", "3", "the last event is one of them"],
  ["1", "2", null, "the next came later"],
  ["4", "9", null, "there is none"],
])("after event %s and up to %s the first row is that of %s: %s", (after, to, opened, _why) => {
  expect(firstBetween(rows, after, to)?.first_event_id ?? null).toBe(opened);
});
