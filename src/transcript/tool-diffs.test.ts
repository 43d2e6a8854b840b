import { describe, expect, it } from "vitest";
import { emptyTool } from "./apply-tool.ts";
import type { ToolCall } from "./rows.ts";
import { diffsOf } from "./tool-diffs.ts";

const edit = (input: unknown, rest: Partial<ToolCall> = {}): ToolCall => ({
  ...emptyTool("c", "Edit"),
  kind: "edit",
  input,
  ...rest,
});
const path = "/w/a.txt";

describe("the changes of a call", () => {
  it.each([
    ["Claude", { file_path: path, old_string: "one", new_string: "ONE", replace_all: false }],
    ["OpenCode", { filePath: path, oldString: "one", newString: "ONE" }],
    ["a text editor tool", { command: "str_replace", path, old_str: "one", new_str: "ONE" }],
    ["JSON text", JSON.stringify({ file_path: path, old_string: "one", new_string: "ONE" })],
  ])("are read from the input of %s", (_, input) => {
    expect(diffsOf(edit(input))).toEqual([{ path, old_text: "one", new_text: "ONE" }]);
  });

  it("are several when the input has a list of them", () => {
    const edits = [{ old_string: "a", new_string: "b" }, { old_string: "c", new_string: "" }, "?"];
    expect(diffsOf(edit({ file_path: path, edits }))).toEqual([
      { path, old_text: "a", new_text: "b" },
      { path, old_text: "c", new_text: "" },
    ]);
  });

  it("are a whole text when nothing is replaced, and take the file from where the call works", () => {
    const locations = [{ path, line: null }];
    expect(diffsOf(edit({ content: "all of it" }, { locations }))).toEqual([
      { path, old_text: null, new_text: "all of it" },
    ]);
  });

  it("are what the agent shows when it shows something", () => {
    const diffs = [{ path, old_text: "one\ntwo", new_text: "ONE\ntwo" }];
    expect(diffsOf(edit({ file_path: path, old_string: "one", new_string: "ONE" }, { diffs }))).toBe(diffs);
  });

  it("are none of another kind of call, without a file or without a text", () => {
    const input = { file_path: path, old_string: "one", new_string: "ONE" };
    expect(diffsOf(edit(input, { kind: "read" }))).toEqual([]);
    expect(diffsOf(edit({ old_string: "one", new_string: "ONE" }))).toEqual([]);
    for (const nothing of [{ file_path: path }, undefined, null, 7, "{", []]) {
      expect(diffsOf(edit(nothing))).toEqual([]);
    }
  });

  it("keep their identity while the call goes on", () => {
    const first = edit({ file_path: path, old_string: "one", new_string: "ONE" });
    const later: ToolCall = { ...first, output: "more" };
    expect(diffsOf(later)).toBe(diffsOf(first));
  });
});
