import { describe, expect, it } from "vitest";
import { emptyTool } from "./apply-tool.ts";
import type { ToolCall } from "./rows.ts";
import { diffsOf, requestedOf } from "./tool-diffs.ts";

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
      { path, old_text: null, new_text: "all of it", start_line: 1 },
    ]);
  });

  it("are an insertion, not a whole file, when it says between which lines", () => {
    const input = { command: "insert", path, insert_line: 5, new_str: "more" };
    expect(diffsOf(edit(input))).toEqual([{ path, old_text: "", new_text: "more", start_line: 6 }]);
  });

  it("are of the file that each of several names itself", () => {
    const edits = [
      { file_path: "/w/b", old_string: "a", new_string: "b" },
      { old_string: "c", new_string: "d" },
    ];
    expect(diffsOf(edit({ file_path: path, edits })).map((diff) => diff.path)).toEqual(["/w/b", path]);
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

describe("what a permission is asked for", () => {
  const ask = (tool_name: string, tool_input: unknown, diffs: ToolCall["diffs"] = []) =>
    requestedOf({ tool_name, tool_input, diffs });
  const change = { path, old_text: "one", new_text: "ONE" };
  const claude = { file_path: path, old_string: "one", new_string: "ONE" };

  it.each<[string, string, unknown, unknown, unknown]>([
    ["Claude's Edit", "Edit", { ...claude, replace_all: false }, [change], null],
    ["one that replaces all", "Edit", { ...claude, replace_all: true }, [change], { replace_all: true }],
    ["OpenCode's edit", "edit", { filePath: path, oldString: "one", newString: "ONE" }, [change], null],
    ["JSON text", "Edit", JSON.stringify(claude), [change], null],
    [
      "an editor's command",
      "text_editor",
      { command: "str_replace", path, old_str: "one", new_str: "ONE" },
      [change],
      { command: "str_replace" },
    ],
    [
      "several edits, of which one replaces all",
      "MultiEdit",
      { file_path: path, why: "tidy", edits: [claude, { ...claude, replace_all: true }] },
      [change, change],
      { why: "tidy", "edit 2: replace_all": true },
    ],
    [
      "a whole text",
      "Write",
      { file_path: path, content: "x" },
      [{ path, old_text: null, new_text: "x", start_line: 1 }],
      null,
    ],
    [
      "a second text beside the one that is put there",
      "Edit",
      { ...claude, content: "hidden" },
      [change],
      { content: "hidden" },
    ],
  ])("%s is a change, with the fields it does not tell", (_, tool_name, input, diffs, fields) => {
    expect(ask(tool_name, input)).toEqual({ command: null, diffs, fields });
  });

  it.each([
    ["another tool with a text", "Comment", { path, text: "hi" }],
    ["another tool with two words", "RenameSymbol", { path, old: "a", new: "b" }],
    ["an edit without a file", "Edit", { old_string: "a", new_string: "b" }],
    ["nothing", "Edit", null],
  ])("%s is fields", (_, tool_name, input) => {
    expect(ask(tool_name, input)).toEqual({ command: null, diffs: [], fields: input });
  });

  it("is a command, with the diffs that the agent shows beside it", () => {
    const command = { command: ["apply", "it"] };
    expect(ask("shell", command)).toEqual({ command: "apply it", diffs: [], fields: null });
    expect(ask("shell", command, [change])).toEqual({ command: "apply it", diffs: [change], fields: null });
  });

  it("is what the agent shows of an edit, and what its input says beyond that", () => {
    const shown = { path, old_text: "one\ntwo", new_text: "ONE\ntwo" };
    expect(ask("Edit", { ...claude, replace_all: true }, [shown])).toEqual({
      command: null,
      diffs: [shown],
      fields: { replace_all: true },
    });
  });

  it("keeps its identity", () => {
    const request = { tool_name: "Edit", tool_input: claude, diffs: [] };
    expect(requestedOf(request)).toBe(requestedOf(request));
  });
});
