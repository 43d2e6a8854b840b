import { expect, test } from "vitest";
import { eventLog, type Told, timeOf } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { LOOK_BACK } from "./limits.ts";
import { emptyTranscript } from "./page.ts";
import type { Row } from "./rows.ts";

const delta = (text: string, block_id?: string): Told => ["text_delta", { text, block_id }];
const complete = (text: string, block_id?: string): Told => ["text_complete", { text, block_id }];
const think = (text: string, block_id?: string): Told => ["thinking_delta", { text, block_id }];
const tool: Told = ["tool_use_start", { id: "c", name: "Bash" }];
const start: Told = ["turn_started", { turn_id: "t", message_id: null }];
const end: Told = ["session_completed", { session_id: "s", turn_id: "t", stop_reason: "end_turn" }];
const user: Told = ["user_message", { message_id: "m", content: [], turn_id: "t" }];
const log: Told = ["log_line", { line: "x", stream: "stdout" }];

/** `text` while it streams, `text.` when it has ended; thinking in brackets. */
function sketch(row: Row): string {
  if (row.kind === "text") return `${row.text}${row.open ? "" : "."}`;
  if (row.kind === "thinking") return `(${row.text}${row.open ? "" : "."})`;
  return row.kind;
}

const cases: [name: string, told: Told[], rows: string[]][] = [
  ["deltas of one block make one row", [delta("a", "1"), delta("b", "1")], ["ab"]],
  ["deltas without a block id make one row", [delta("a"), delta("b")], ["ab"]],
  ["a delta without an id goes on with the block that streams", [delta("a", "1"), delta("b")], ["ab"]],
  ["another id opens another row", [delta("a", "1"), delta("b", "2")], ["a.", "b"]],
  ["an id after none opens another row", [delta("a"), delta("b", "1")], ["a.", "b"]],
  ["a tool call cuts a block in two", [delta("a", "1"), tool, delta("b", "1")], ["a.", "tool", "b"]],
  ["thinking cuts a block in two", [delta("a"), think("b"), delta("c")], ["a.", "(b.)", "c"]],
  ["a prompt cuts a block in two", [delta("a"), user, delta("b")], ["a.", "user", "b"]],
  ["a log line does not", [delta("a"), log, delta("b")], ["ab", "log"]],
  ["nor an error", [delta("a"), ["error", { message: "x" }], delta("b")], ["ab", "error"]],
  ["an empty delta makes no row", [delta(""), think(""), complete("")], []],
  ["an empty delta does not cut", [delta("a"), think(""), delta("b")], ["ab"]],
  ["the final text takes the place of the deltas'", [delta("a", "1"), complete("A!", "1")], ["A!."]],
  ["the same text makes no second row", [delta("a"), delta("b"), complete("ab")], ["ab."]],
  ["an empty final text lets the deltas' stand", [delta("a", "1"), complete("", "1")], ["a."]],
  ["a final text without an id means the block that streams", [delta("a", "1"), complete("A")], ["A."]],
  [
    "a late delta goes into its finished block",
    [delta("a", "1"), complete("a", "1"), delta("b", "1")],
    ["ab."],
  ],
  [
    "a late delta finds its finished block above others",
    [complete("a", "1"), complete("b", "2"), tool, delta("!", "1")],
    ["a!.", "b.", "tool"],
  ],
  [
    "a block that was cut is not finished",
    [delta("a", "1"), tool, delta("b", "1"), complete("B", "1")],
    ["a.", "tool", "B."],
  ],
  ["a final text finds its block by id", [delta("a", "1"), tool, complete("A", "1")], ["A.", "tool"]],
  ["a final text of an unknown block is a row", [delta("a", "1"), complete("b", "2")], ["a.", "b."]],
  [
    "a final text that the turn has said already is no row",
    [start, delta("a"), tool, complete("a")],
    ["a.", "tool"],
  ],
  ["nor is it after the turn's end", [start, delta("a"), end, complete("a")], ["a.", "turn_end"]],
  ["another text is a row", [start, delta("a"), tool, complete("b")], ["a.", "tool", "b."]],
  [
    "what an earlier turn said may be said again",
    [start, delta("a"), end, ["turn_started", { turn_id: "u", message_id: null }], complete("a")],
    ["a.", "turn_end", "a."],
  ],
  ["thinking streams into one row", [think("a"), think("b")], ["(ab)"]],
  ["another block of thinking is another row", [think("a", "1"), think("b", "2")], ["(a.)", "(b)"]],
  ["the turn's end ends what streams", [start, think("a"), end], ["(a.)", "turn_end"]],
  [
    "images cut a block in two",
    [delta("a"), ["message_content", { content: [{ type: "text", text: "x" }] }]],
    ["a.", "content"],
  ],
  ["no content is no row", [delta("a"), ["message_content", { content: [] }], delta("b")], ["ab"]],
];

test.each(cases)("%s", (_, told, rows) => {
  expect(foldAll(emptyTranscript(), eventLog(...told)).rows.map(sketch)).toEqual(rows);
});

test("thinking has an end", () => {
  const { rows } = foldAll(emptyTranscript(), eventLog(think("a"), delta("b"), delta("c")));
  expect(rows[0]).toMatchObject({ kind: "thinking", ended_at: timeOf(2), last_event_id: "2" });
});

test("a block that streams goes on however many asides stand below it", () => {
  const asides = Array.from({ length: LOOK_BACK + 1 }, (): Told => ["unparsed", { error: "no", raw: 0 }]);
  const { rows } = foldAll(emptyTranscript(), eventLog(delta("a", "1"), ...asides, delta("b", "1")));
  expect(rows).toHaveLength(LOOK_BACK + 2);
  expect(rows[0]).toMatchObject({ text: "ab", open: true });
});

test("a finished block is reached only from the last rows", () => {
  const asides = Array.from({ length: LOOK_BACK }, (): Told => ["unparsed", { error: "no", raw: 0 }]);
  const { rows } = foldAll(emptyTranscript(), eventLog(complete("a", "1"), ...asides, delta("b", "1")));
  expect([rows[0], rows.at(-1)]).toMatchObject([{ text: "a" }, { text: "b", block_id: "1" }]);
});
