import { expect, test } from "vitest";
import { eventLog, type Told } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { outlineOf } from "./outline.ts";
import { emptyTranscript } from "./page.ts";

const rowsOf = (...told: Told[]) => foldAll(emptyTranscript(), eventLog(...told)).rows;
const turn = (id: string, text: string): Told[] => [
  ["user_message", { message_id: id, content: [{ type: "text", text }], turn_id: id }],
  ["turn_started", { turn_id: id, message_id: id }],
];
const permission = (request_id: string): Told => [
  "permission_request",
  { request_id, tool_use_id: null, tool_name: "Bash", tool_input: 1, options: [] },
];

test("an outline has a line for each prompt, with how its turn went", () => {
  const rows = rowsOf(
    ...turn("t", "\n  Fix the login test  \nIt fails."),
    ["tool_use_start", { id: "c", name: "x", status: "failed" }],
    permission("r1"),
    ["permission_response", { request_id: "r1", tool_name: "Bash", approved: true, reply: "once" }],
    ["error", { message: "x" }],
    ["session_failed", { session_id: "s", turn_id: "t", error: "gone" }],
    ...turn("u", "Again"),
    ["session_completed", { session_id: "s", turn_id: "u", stop_reason: "cancelled" }],
    ...turn("v", "More"),
    permission("r2"),
    ["user_input_request", { request_id: "q", questions: [] }],
  );
  expect(outlineOf(rows)).toMatchObject([
    {
      key: "user:1",
      turn_id: "t",
      prompt: "Fix the login test",
      outcome: "failed",
      requests: 1,
      pending: 0,
      failures: 3,
      troubles: ["tool:3", "permission:4", "error:6", "turn_end:7"],
    },
    {
      turn_id: "u",
      prompt: "Again",
      outcome: "completed",
      stop_reason: "cancelled",
      requests: 0,
      failures: 0,
    },
    { turn_id: "v", prompt: "More", outcome: "running", requests: 2, pending: 2 },
  ]);
});

test("rows above the first loaded prompt are a turn without one", () => {
  const rows = rowsOf(["text_delta", { text: "a" }], ...turn("t", ""));
  expect(outlineOf(rows)).toMatchObject([
    { key: "text:1", prompt: null },
    { key: "user:2", prompt: "" },
  ]);
  expect(outlineOf([])).toEqual([]);
});

test("an outline goes on from that of the rows before, wherever they were cut", () => {
  const rows = rowsOf(
    ["error", { message: "x" }],
    ...turn("t", "Fix it"),
    permission("r1"),
    ["error", { message: "x" }],
    ["session_completed", { session_id: "s", turn_id: "t", stop_reason: "end_turn" }],
    ...turn("u", "Again"),
    ["text_delta", { text: "a" }],
  );
  for (let cut = 0; cut <= rows.length; cut += 1) {
    const earlier = outlineOf(rows.slice(0, cut));
    const kept = structuredClone(earlier);
    expect(outlineOf(rows.slice(cut), earlier)).toEqual(outlineOf(rows));
    expect(earlier).toEqual(kept);
  }
});
