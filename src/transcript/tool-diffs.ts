import type { Diff, Permission } from "#src/domain/request.ts";
import type { ToolCall } from "./rows.ts";
import {
  commandOf,
  fieldOf,
  numberField,
  pathFields,
  pathOf,
  readInput,
  textField,
  type ToolInput,
} from "./tool-input.ts";

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
  if (!diffs) derived.set(key, (diffs = derive(readInput(tool.input), tool.locations[0]?.path)));
  return diffs;
}

type Request = Pick<Permission, "tool_name" | "tool_input" | "diffs">;

/** What a permission is asked for: a command, changes of files, or fields. */
export type Requested = {
  command: string | null;
  diffs: readonly Diff[];
  /** The fields that the command or the diffs do not tell; null when there are none. */
  fields: unknown;
};

const requested = new WeakMap<object, Requested>();

/**
 * What a permission is asked for. Changes are as the agent shows them, else as an edit's input tells them. The same
 * reference for the same request.
 */
export function requestedOf(request: Request): Requested {
  let known = requested.get(request);
  if (!known) requested.set(request, (known = readRequest(request)));
  return known;
}

function readRequest({ tool_name, tool_input, diffs }: Request): Requested {
  const input = readInput(tool_input);
  const read = isEdit(tool_name, input) ? derive(input) : none;
  // The `command` of such an input is an editor's, as `str_replace` is.
  if (read.length > 0)
    return { command: null, diffs: diffs.length > 0 ? diffs : read, fields: untold(input) };
  const command = commandOf(input);
  return { command, diffs, fields: command === null && diffs.length === 0 ? tool_input : null };
}

/** A request does not say what kind of call it is for: its tool's name does, or fields that only an edit has. */
function isEdit(tool_name: string, input: ToolInput): boolean {
  if (/edit|write|replace|patch|create/i.test(tool_name)) return true;
  return editsIn(input).some((edit) => replacing.some((name) => name in edit));
}

function derive(input: ToolInput, elsewhere?: string): readonly Diff[] {
  return editsIn(input).flatMap((edit): Diff[] => {
    const path = pathOf(edit) ?? pathOf(input) ?? elsewhere;
    const old_text = textField(edit, oldNames);
    const new_text = textField(edit, newNames);
    if (path === undefined || (old_text === null && new_text === null)) return [];
    if (old_text !== null) return [{ path, old_text, new_text: new_text ?? "" }];
    // What is put between two lines takes the place of nothing, which is not the same as all of a file.
    const after = numberField(edit, insertAt);
    const place = after === null ? { old_text, start_line: 1 } : { old_text: "", start_line: after + 1 };
    return [{ path, new_text: new_text ?? "", ...place }];
  });
}

const replacing = ["old_string", "oldString", "old_str"];
const oldNames = [...replacing, "oldText", "old"];
const newNames = ["new_string", "newString", "new_str", "newText", "new", "content", "file_text", "text"];
const insertAt = ["insert_line", "insertLine"];

/** The replacements that an input asks for: one, or a list of `edits` of the same file. */
function editsIn(input: ToolInput): readonly ToolInput[] {
  return listIn(input) ?? [input];
}

function listIn(input: ToolInput): readonly ToolInput[] | null {
  return Array.isArray(input.edits) ? input.edits.map(readInput) : null;
}

/** What an input says beyond its file and its texts, as `replace_all` does; of several edits with their number. */
function untold(input: ToolInput): ToolInput | null {
  const list = listIn(input);
  const rest = list
    ? [
        ...without(input, ["edits", fieldOf(input, pathFields)]),
        ...list.flatMap((edit, index) =>
          withoutTexts(edit).map(([name, value]) => [`edit ${index + 1}: ${name}`, value] as const),
        ),
      ]
    : withoutTexts(input);
  return rest.length > 0 ? Object.fromEntries(rest) : null;
}

function withoutTexts(edit: ToolInput) {
  return without(
    edit,
    [pathFields, oldNames, newNames].map((names) => fieldOf(edit, names)),
  );
}

/** The other fields, but for what is off or empty: that is how it is without them. */
function without(input: ToolInput, names: readonly (string | null)[]) {
  return Object.entries(input).filter(
    ([name, value]) => !names.includes(name) && value !== false && value !== null && value !== "",
  );
}
