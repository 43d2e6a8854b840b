import { describe, expect, it } from "vitest";
import type { Row, RowRef, ToolCall } from "#src/transcript/rows.ts";
import { type Heard, lastDone, lookAgain } from "./stall.logic.ts";

const tool = (id: string, fields: Partial<ToolCall>): Row =>
  ({
    kind: "tool",
    first_event_id: id,
    tool: {
      name: "",
      title: "",
      diffs: [],
      locations: [],
      content: [],
      output: "",
      permissions: [],
      ...fields,
    },
  }) as unknown as Row;
const build = tool("1", { kind: "execute", name: "Bash", input: { command: "pnpm build\necho done" } });
const read = tool("2", { kind: "read", name: "Read", input: { file_path: "a.ts" } });
const text = { kind: "text", first_event_id: "3" } as Row;
const live = (...rows: string[]) => ({
  block: null,
  tools: rows.map((row): RowRef => ({ id: row, row })),
  requests: [],
});

describe("what it did last", () => {
  it.each([
    ["a command that runs", [build], live("1"), { words: "pnpm build …", isRunning: true }],
    [
      "one that runs above others",
      [build, read, text],
      live("1"),
      { words: "pnpm build …", isRunning: true },
    ],
    ["the newest of those that run", [build, read], live("1", "2"), { words: "Read a.ts", isRunning: true }],
    ["a call that ended", [build, read], live(), { words: "Read a.ts", isRunning: false }],
    ["words", [build, text], live(), null],
    ["nothing", [], live(), null],
  ])("%s", (_, rows, alive, done) => expect(lastDone({ rows, live: alive })).toEqual(done));
});

it.each<[string, Heard, string | null, Heard]>([
  ["the first look", { cursor: null, at: null }, "5", { cursor: "5", at: null }],
  ["nothing loaded yet", { cursor: null, at: null }, null, { cursor: null, at: null }],
  ["nothing new", { cursor: "5", at: 10 }, "5", { cursor: "5", at: 10 }],
  ["something new", { cursor: "5", at: null }, "6", { cursor: "6", at: 99 }],
])("%s", (_, heard, cursor, next) => {
  const result = lookAgain(heard, cursor, 99);
  expect(result).toEqual(next);
  if (cursor === heard.cursor) expect(result).toBe(heard);
});
