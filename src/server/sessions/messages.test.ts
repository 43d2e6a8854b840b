import { expect, test } from "vitest";
import { eventLog, type Told } from "#src/testing/event-log.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript } from "#src/transcript/page.ts";
import { answerOf, messagesOf } from "./messages.ts";

function prompt(turn_id: string, text: string): Told[] {
  const message_id = `m-${turn_id}`;
  return [
    ["user_message", { message_id, content: [{ type: "text", text }], turn_id }],
    ["turn_started", { turn_id, message_id }],
  ];
}
const done = (turn_id: string): Told => [
  "session_completed",
  { session_id: "s", turn_id, stop_reason: "end_turn" },
];
const say = (text: string): Told => ["text_delta", { text }];

const rows = foldAll(
  emptyTranscript(),
  eventLog(
    ...prompt("t1", "list files"),
    say("Let me look."),
    ["thinking_delta", { text: "hm" }],
    ["tool_use_start", { id: "c", name: "ls", input: { path: "." } }],
    ["tool_result", { tool_use_id: "c", content: "a.txt", is_error: false }],
    say("One file."),
    done("t1"),
    ...prompt("t2", "nothing"),
    done("t2"),
  ),
).rows;

test("one message a prompt and one an answer, its blocks in the order they arrived", () => {
  const messages = messagesOf("s", rows);
  expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  expect(messages[1]?.content).toEqual([
    { type: "text", text: "Let me look." },
    { type: "tool_use", id: "c", name: "ls", input: { path: "." } },
    { type: "tool_result", tool_use_id: "c", content: "a.txt", is_error: false },
    { type: "text", text: "One file." },
  ]);
  expect(messages[0]).toMatchObject({ id: "m-t1", content: [{ type: "text", text: "list files" }] });
});

test("the answer of a turn is its own; a turn that said nothing has an empty one", () => {
  expect(answerOf("s", rows, "t1", "now").content).toHaveLength(4);
  expect(answerOf("s", rows, "t2", "now")).toMatchObject({
    role: "assistant",
    content: [],
    timestamp: "now",
  });
});
