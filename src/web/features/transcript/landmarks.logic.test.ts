import { expect, it } from "vitest";
import { outlineOf } from "#src/transcript/outline.ts";
import type { Row, RowBody } from "#src/transcript/rows.ts";
import { nextLandmark, turnAt } from "./landmarks.logic.ts";

function row(id: number, body: RowBody): Row {
  const event = String(id);
  return {
    key: `${body.kind}:${id}`,
    turn_id: null,
    first_event_id: event,
    last_event_id: event,
    at: "",
    ...body,
  };
}
const user = (id: number) => row(id, { kind: "user", message_id: "m", content: [], author: null });
const notice = (id: number) => row(id, { kind: "notice", text: "" });
const error = (id: number) => row(id, { kind: "error", message: "", code: null, details: null });
const turns = outlineOf([user(1), notice(2), error(3), user(4), notice(5)]);

it.each([
  ["notice:5", "turn", "previous", "user:4"],
  ["user:4", "turn", "previous", "user:1"],
  ["user:1", "turn", "previous", null],
  ["user:1", "turn", "next", "user:4"],
  ["notice:2", "turn", "next", "user:4"],
  [null, "turn", "previous", "user:4"],
  [null, "turn", "next", null],
  ["notice:5", "trouble", "previous", "error:3"],
  ["user:1", "trouble", "next", "error:3"],
  ["error:3", "trouble", "next", null],
] as const)("from %s the %s %s is %s", (from, kind, direction, key) => {
  expect(nextLandmark(turns, from, kind, direction)).toBe(key);
});

it("steps over what begins without a prompt", () => {
  expect(nextLandmark(outlineOf([notice(2), user(3)]), "user:3", "turn", "previous")).toBeNull();
});

it.each([
  ["user:1", "user:1"],
  ["error:3", "user:1"],
  ["notice:5", "user:4"],
  [null, "user:4"],
] as const)("the turn of %s begins with %s", (row_key, key) => {
  expect(turnAt(turns, row_key)?.key).toBe(key);
});
