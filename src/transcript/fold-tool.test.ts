import { describe, expect, it, test } from "vitest";
import { eventLog, type Told, timeOf } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { LOOK_BACK } from "./limits.ts";
import { emptyTranscript } from "./page.ts";
import type { ToolCall } from "./rows.ts";

const start = (data: Partial<Extract<Told, readonly ["tool_use_start", unknown]>[1]> = {}): Told => [
  "tool_use_start",
  { id: "c", name: "Bash", ...data },
];
const update = (data: Omit<Extract<Told, readonly ["tool_update", unknown]>[1], "id">): Told => [
  "tool_update",
  { id: "c", ...data },
];
const result = (content: string, is_error = false): Told => [
  "tool_result",
  { tool_use_id: "c", content, is_error },
];
const input = (partial_json: string): Told => ["tool_input_delta", { id: "c", partial_json }];
const begin = (turn_id: string): Told => ["turn_started", { turn_id, message_id: null }];
const end = (turn_id: string, stop_reason = "end_turn"): Told => [
  "session_completed",
  { session_id: "s", turn_id, stop_reason },
];
const asides = Array.from({ length: LOOK_BACK }, (): Told => ["unparsed", { error: "no", raw: 0 }]);

const after = (...told: Told[]) => foldAll(emptyTranscript(), eventLog(...told));
const toolsOf = (...told: Told[]) =>
  after(...told).rows.flatMap((row) => (row.kind === "tool" ? [row.tool] : []));

const cases: [name: string, told: Told[], tool: Partial<ToolCall>][] = [
  [
    "a second start merges",
    [start(), start({ title: "ls -la", kind: "execute" })],
    { title: "ls -la", kind: "execute" },
  ],
  [
    "a second start's empty input does not hide the first one's",
    [start({ input: { command: "ls" } }), start({ input: {} })],
    { input: { command: "ls" } },
  ],
  [
    "absent fields are unchanged",
    [start({ title: "a", input: 1 }), update({ kind: "read" })],
    { title: "a", input: 1, kind: "read" },
  ],
  [
    "present ones replace",
    [start({ locations: [{ path: "/a" }] }), update({ locations: [] })],
    { locations: [] },
  ],
  ["null is a value", [start({ exit_code: 1 }), update({ exit_code: null })], { exit_code: null }],
  ["output replaces", [start(), update({ output: "a" }), update({ output: "b" })], { output: "b" }],
  [
    "output_delta appends",
    [start(), update({ output: "a" }), update({ output_delta: "b" })],
    { output: "ab" },
  ],
  [
    "the end has a time",
    [start(), update({ status: "completed" })],
    { status: "completed", ended_at: timeOf(2) },
  ],
  [
    "a call that ended does not run again",
    [start(), update({ status: "failed" }), update({ status: "in_progress" }), start({ status: "pending" })],
    { status: "failed", ended_at: timeOf(2) },
  ],
  [
    "an end may turn out to be a failure, at the same time",
    [start(), update({ status: "completed" }), update({ status: "failed" })],
    { status: "failed", ended_at: timeOf(2) },
  ],
  ["input streams", [start(), input('{"a":{'), input("}")], { input_json: '{"a":{}', input: undefined }],
  [
    "and is set when it is whole",
    [start(), input('{"a":{'), input("}}")],
    { input_json: null, input: { a: {} } },
  ],
  [
    "whole input ends the stream",
    [start(), input('{"a'), update({ input: { b: 1 } })],
    { input_json: null, input: { b: 1 } },
  ],
  [
    "a result is the output and the end",
    [start(), result("x")],
    { output: "x", status: "completed", ended_at: timeOf(2) },
  ],
  ["an error is a failure", [start(), result("x", true)], { output: "x", status: "failed" }],
  [
    "a result does not shorten what streamed",
    [start(), update({ output: "a long story" }), result("a long")],
    { output: "a long story" },
  ],
  [
    "complete ends what runs",
    [start(), ["tool_use_complete", { id: "c" }]],
    { status: "completed", ended_at: timeOf(2) },
  ],
  [
    "and leaves a failure",
    [start(), result("x", true), ["tool_use_complete", { id: "c" }]],
    { status: "failed", ended_at: timeOf(2) },
  ],
  [
    "progress is text",
    [start(), ["tool_progress", { tool_use_id: "c", progress: "1/2" }]],
    { progress: "1/2" },
  ],
  [
    "a message in it is the text",
    [start(), ["tool_progress", { tool_use_id: "c", progress: { message: "hm" } }]],
    { progress: "hm" },
  ],
  [
    "else its JSON",
    [start(), ["tool_progress", { tool_use_id: "c", progress: { done: 1 } }]],
    { progress: '{"done":1}' },
  ],
  [
    "a changed file is a place of the tool's newest call, once",
    [
      start({ name: "Edit" }),
      ["file_changed", { tool_name: "Edit", file_path: "/a", action: "edited" }],
      ["file_changed", { tool_name: "Edit", file_path: "/a", action: "edited" }],
    ],
    { locations: [{ path: "/a", line: null }] },
  ],
  [
    "an id may be any text",
    [start({ id: "__proto__" }), ["tool_use_complete", { id: "__proto__" }]],
    { status: "completed" },
  ],
];

test.each(cases)("%s", (_, told, expected) => {
  const tools = toolsOf(...told);
  expect(tools).toHaveLength(1);
  expect(tools[0]).toMatchObject(expected);
});

describe("which call an event means", () => {
  it("is the one that runs, however far up", () => {
    expect(toolsOf(start(), ...asides, start({ title: "again" }), result("x"))).toMatchObject([
      { title: "again", output: "x", status: "completed" },
    ]);
  });

  it("is a finished one only among the last rows", () => {
    expect(toolsOf(start(), result("x"), update({ title: "late" }))).toMatchObject([{ title: "late" }]);
    const tools = toolsOf(start(), result("x"), ...asides, update({ title: "late" }));
    expect(tools).toMatchObject([{ title: "Bash" }, { title: "late", name: "tool" }]);
  });

  it("is a new one when another turn starts the same id", () => {
    const tools = toolsOf(begin("t"), start(), end("t"), begin("u"), start({ title: "new" }), result("x"));
    expect(tools).toMatchObject([
      { title: "Bash", output: "" },
      { title: "new", output: "x" },
    ]);
  });

  it("is the last turn's for what comes after its end", () => {
    const tools = toolsOf(begin("t"), start(), end("t"), result("late"));
    expect(tools).toMatchObject([{ output: "late", status: "completed", ended_at: timeOf(3) }]);
  });
});

describe("the end of a turn", () => {
  it.each([
    ["end_turn", "completed"],
    ["cancelled", "failed"],
  ])("with %s leaves running calls %s", (stop_reason, status) => {
    const tools = toolsOf(
      begin("t"),
      start(),
      start({ id: "d" }),
      ["tool_use_complete", { id: "d" }],
      end("t", stop_reason),
    );
    expect(tools).toMatchObject([
      { id: "c", status, ended_at: timeOf(5) },
      { id: "d", status: "completed", ended_at: timeOf(4) },
    ]);
  });

  it("by a failure fails them", () => {
    const failed: Told = ["session_failed", { session_id: "s", turn_id: "t", error: "gone" }];
    expect(toolsOf(begin("t"), start(), failed)).toMatchObject([{ status: "failed" }]);
    expect(after(begin("t"), start(), failed).live.tools).toEqual([]);
  });
});
