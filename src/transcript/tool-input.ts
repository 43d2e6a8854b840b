/**
 * Reads what agents send as a tool's input. Every agent has its own names for the same thing, and one may send JSON
 * text where another sends an object; nothing here throws, and what is not there is null.
 */
export type ToolInput = Readonly<Record<string, unknown>>;

/** An input as an object: JSON text of one is parsed, anything else is an empty one. */
export function readInput(input: unknown): ToolInput {
  if (isObject(input)) return input;
  if (typeof input !== "string" || !input.trimStart().startsWith("{")) return {};
  try {
    const parsed: unknown = JSON.parse(input);
    return isObject(parsed) ? parsed : {};
  } catch {
    // Not JSON after all: an input that is plain text has no fields.
    return {};
  }
}

/** Which of these fields, in their order, is the first that holds text. */
export function fieldOf(input: ToolInput, names: readonly string[]): string | null {
  return names.find((name) => typeof input[name] === "string" && input[name] !== "") ?? null;
}

/** The first of these fields that holds text. */
export function textField(input: ToolInput, names: readonly string[]): string | null {
  const value = input[fieldOf(input, names) ?? ""];
  return typeof value === "string" && value !== "" ? value : null;
}

/** The first of these fields that holds a number. */
export function numberField(input: ToolInput, names: readonly string[]): number | null {
  for (const name of names) {
    const value = input[name];
    if (typeof value === "number" && Number.isFinite(value)) return value;
  }
  return null;
}

/** A field that holds an object; an empty one when it does not. */
export function objectField(input: ToolInput, name: string): ToolInput {
  const value = input[name];
  return isObject(value) ? value : {};
}

/** The command that an input asks to run. Codex sends an argument list: of a shell's, only the script is of interest. */
export function commandOf(input: ToolInput): string | null {
  const { command } = input;
  if (!Array.isArray(command)) return textField(input, ["command", "cmd", "script"]);
  const words = command.filter((word) => typeof word === "string");
  const [shell = "", flag = "", script] = words;
  if (words.length === 3 && script && /(^|\/)(ba|z|da|k|fi)?sh$/.test(shell) && /^-\w*c$/.test(flag))
    return script;
  return words.length > 0 ? words.map(quoted).join(" ") : null;
}

/** The names that agents give a file's path. */
export const pathFields: readonly string[] = [
  "file_path",
  "filePath",
  "filepath",
  "path",
  "notebook_path",
  "absolute_path",
  "target_file",
];

/** The file that an input names. Codex's patches name theirs as the keys of `changes`. */
export function pathOf(input: ToolInput): string | null {
  const path = textField(input, pathFields);
  return path ?? Object.keys(objectField(input, "changes"))[0] ?? null;
}

/** Lines of a file, 1-based; `end` is included, null when it is open. */
export type LineRange = { start: number; end: number | null };

/** The part of the file that an input asks for: `offset` and `limit`, or a first and last line. */
export function rangeOf(input: ToolInput): LineRange | null {
  const start = numberField(input, ["offset", "start_line", "startLine", "line"]);
  const limit = numberField(input, ["limit"]);
  const end = numberField(input, ["end_line", "endLine"]);
  if (start === null && limit === null && end === null) return null;
  const first = Math.max(1, start ?? 1);
  return { start: first, end: end ?? (limit === null ? null : first + limit - 1) };
}

/** An argument as a shell would need it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function isObject(value: unknown): value is ToolInput {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
