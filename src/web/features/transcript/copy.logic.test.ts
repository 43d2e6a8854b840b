import { expect, it } from "vitest";
import type { Row, RowBody } from "#src/transcript/rows.ts";
import { textToCopy } from "./copy.logic.ts";

function row(id: number, body: RowBody): Row {
  const event = String(id);
  const key = `${body.kind}:${id}`;
  return {
    key,
    turn_id: "m",
    first_event_id: event,
    last_event_id: event,
    at: "2026-03-01T10:00:00Z",
    ...body,
  };
}
const rows = [
  row(1, { kind: "user", message_id: "m", content: [{ type: "text", text: "Hello" }], author: null }),
  row(2, { kind: "text", block_id: null, text: "I will.", open: true, complete: false }),
  row(3, { kind: "notice", text: "The mode changed" }),
];
const keyOf = (kind: string) => rows.find((row) => row.kind === kind)?.key ?? "";

it("copies what a person or the agent said", () => {
  expect(textToCopy(rows, keyOf("user"), "message")).toBe("Hello");
  expect(textToCopy(rows, keyOf("text"), "message")).toBe("I will.");
});

it("copies the turn around a row, from its prompt on", () => {
  const turn = textToCopy(rows, keyOf("text"), "turn");
  expect(turn).toContain("Hello");
  expect(turn).toContain("I will.");
  expect(textToCopy(rows, keyOf("user"), "turn")).toBe(turn);
});

it("has nothing to copy where nothing is said, or the row is gone", () => {
  expect(textToCopy(rows, keyOf("notice"), "message")).toBeNull();
  expect(textToCopy(rows, "text:99", "message")).toBeNull();
  expect(textToCopy(rows.slice(1), keyOf("text"), "turn")).toBeNull();
});
