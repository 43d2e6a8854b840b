import type { Diff } from "#src/domain/request.ts";
import type { ToolCall } from "./rows.ts";
import { pathOf, readInput, textField, type ToolInput } from "./tool-input.ts";

type Edit = Pick<ToolCall, "kind" | "input" | "diffs" | "locations">;

const derived = new WeakMap<object, readonly Diff[]>();
const none: readonly Diff[] = [];

/**
 * What a call changes in files: as the agent shows it, else what an edit's input asks for, which most agents write as
 * the text to replace and the text to put there. The same reference for the same call.
 */
export function diffsOf(tool: Edit): readonly Diff[] {
  if (tool.diffs.length > 0) return tool.diffs;
  if (tool.kind !== "edit") return none;
  const key = typeof tool.input === "object" && tool.input !== null ? tool.input : tool;
  let diffs = derived.get(key);
  if (!diffs) derived.set(key, (diffs = derive(tool)));
  return diffs;
}

function derive({ input, locations }: Edit): readonly Diff[] {
  const given = readInput(input);
  const path = pathOf(given) ?? locations[0]?.path;
  if (path === undefined) return none;
  return editsIn(given).flatMap((edit) => {
    const old_text = textField(edit, oldNames);
    const new_text = textField(edit, newNames);
    return old_text === null && new_text === null ? [] : [{ path, old_text, new_text: new_text ?? "" }];
  });
}

const oldNames = ["old_string", "oldString", "old_str", "oldText", "old"];
const newNames = ["new_string", "newString", "new_str", "newText", "new", "content", "file_text", "text"];

/** The replacements that an input asks for: one, or a list of `edits` of the same file. */
function editsIn(input: ToolInput): readonly ToolInput[] {
  return Array.isArray(input.edits) ? input.edits.map(readInput) : [input];
}
