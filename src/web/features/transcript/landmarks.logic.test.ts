import { expect, it } from "vitest";
import type { Row, RowBody } from "#src/transcript/rows.ts";
import { nextLandmark } from "./landmarks.logic.ts";

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
const rows = [user(1), notice(2), error(3), user(4), notice(5)];

it.each([
  ["notice:5", "turn", "previous", "user:4"],
  ["user:4", "turn", "previous", "user:1"],
  ["user:1", "turn", "previous", null],
  ["user:1", "turn", "next", "user:4"],
  [null, "turn", "previous", "user:4"],
  ["notice:5", "trouble", "previous", "error:3"],
  ["user:1", "trouble", "next", "error:3"],
  ["error:3", "trouble", "next", null],
] as const)("from %s the %s %s is %s", (from, kind, direction, key) => {
  expect(nextLandmark(rows, from, kind, direction)).toBe(key);
});
