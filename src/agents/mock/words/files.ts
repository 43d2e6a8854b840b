import { ToolFailure } from "../errors.ts";
import { requirePermission } from "../permission.ts";
import { takeArgument, wholeArgument } from "../prompt.ts";
import { textContent, type ToolRun, type Turn } from "../turn.ts";
import type { Script, Word } from "../word.ts";
import type { WorkPath } from "../workspace.ts";

const list: Script = (turn, { rest }) => {
  const typed = takeArgument(rest).argument || ".";
  return turn.useTool(
    { title: `List ${typed}`, name: "ls", kind: "read", rawInput: { path: typed } },
    async (run) => {
      const directory = await begin(turn, run, typed);
      const names = await turn.session.workspace.list(directory);
      await run.complete({ content: textContent(names.join("\n")), rawOutput: { entries: names } });
      return `${directory.shown} has ${count(names.length, "entry", "entries")}.`;
    },
  );
};

const read: Script = (turn, { rest }) => {
  const typed = takeArgument(rest).argument;
  return turn.useTool(
    { title: `Read ${typed}`, name: "read", kind: "read", rawInput: { path: typed } },
    async (run) => {
      const file = await begin(turn, run, required(typed, "read F"));
      const text = await turn.session.workspace.read(file);
      await run.complete({ content: textContent(text) });
      return `${file.shown} has ${count(lineCount(text), "line", "lines")}.`;
    },
  );
};

const write: Script = (turn, { rest }) => {
  const { argument: typed, rest: text } = takeArgument(rest);
  return writeFile(turn, typed, wholeArgument(text));
};

/** The `write` tool: shows the diff, asks, writes. */
export function writeFile(turn: Turn, typed: string, text: string): Promise<void> {
  return turn.useTool(
    { title: `Write ${typed}`, name: "write", kind: "edit", rawInput: { path: typed, text } },
    async (run) => {
      const file = await turn.session.workspace.path(required(typed, "write F TEXT"));
      const oldText = await turn.session.workspace.readIfPresent(file);
      await change(turn, run, file, oldText, text);
      return `${oldText === null ? "Created" : "Wrote"} ${file.shown}.`;
    },
  );
}

const edit: Script = (turn, { rest }) => {
  const { argument: typed, rest: afterFile } = takeArgument(rest);
  const { argument: oldPart, rest: afterOld } = takeArgument(afterFile);
  const newPart = wholeArgument(afterOld);
  const rawInput = { path: typed, old: oldPart, new: newPart };
  return turn.useTool({ title: `Edit ${typed}`, name: "edit", kind: "edit", rawInput }, async (run) => {
    const file = await turn.session.workspace.path(required(oldPart && typed, "edit F OLD NEW"));
    const before = await turn.session.workspace.read(file);
    await change(turn, run, file, before, replaceOnce(file, before, oldPart, newPart));
    return `Edited ${file.shown}.`;
  });
};

/** Several replacements at once, which only the call's input tells: no diff, and no line. */
const multiEdit: Script = (turn, { rest }) => {
  const { argument: typed, rest: texts } = takeArgument(rest);
  const edits = pairsIn(texts);
  const rawInput = { file_path: typed, edits };
  return turn.useTool({ title: `Edit ${typed}`, name: "multiedit", kind: "edit", rawInput }, async (run) => {
    const file = await turn.session.workspace.path(
      required(edits.length > 0 ? typed : "", "multiedit F OLD NEW …"),
    );
    const locations = [{ path: file.absolute }];
    await run.update({ locations, rawInput: { file_path: file.absolute, edits } });
    await requirePermission(turn, "edit", run);
    const text = edits.reduce(
      (before, { old_string, new_string }) => replaceOnce(file, before, old_string, new_string),
      await turn.session.workspace.read(file),
    );
    await turn.session.workspace.write(file, text);
    await run.complete({ rawOutput: { bytes: Buffer.byteLength(text) } });
    return `Edited ${file.shown}.`;
  });
};

function pairsIn(line: string): { old_string: string; new_string: string }[] {
  const { argument: old_string, rest } = takeArgument(line);
  const { argument: new_string, rest: more } = takeArgument(rest);
  return old_string === "" ? [] : [{ old_string, new_string }, ...pairsIn(more)];
}

function replaceOnce(file: WorkPath, text: string, old: string, now: string): string {
  const matches = text.split(old).length - 1;
  if (matches !== 1) throw new ToolFailure(`${file.shown} has the text ${matches} times, not once`);
  return text.replace(old, () => now);
}

/** Marks a reading call as running, with the place it reads. */
async function begin(turn: Turn, run: ToolRun, typed: string): Promise<WorkPath> {
  const path = await turn.session.workspace.path(typed);
  await run.update({ status: "in_progress", locations: [{ path: path.absolute }] });
  return path;
}

async function change(
  turn: Turn,
  run: ToolRun,
  file: WorkPath,
  oldText: string | null,
  newText: string,
): Promise<void> {
  const diff = { type: "diff" as const, path: file.absolute, oldText, newText };
  // The diff is of the whole file.
  await run.update({ locations: [{ path: file.absolute, line: 1 }], content: [diff] });
  await requirePermission(turn, "edit", run);
  await turn.session.workspace.write(file, newText);
  await run.complete({ rawOutput: { bytes: Buffer.byteLength(newText) } });
}

function required(argument: string, usage: string): string {
  if (!argument) throw new ToolFailure(`Something is missing: \`${usage}\``);
  return argument;
}

function lineCount(text: string): number {
  return text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

export const fileWords: Word[] = [
  { names: ["ls"], usage: "ls [DIR]", purpose: "lists a folder", script: list },
  { names: ["read"], usage: "read F", purpose: "shows a file", script: read },
  { names: ["write"], usage: "write F TEXT", purpose: "writes a file, after a permission", script: write },
  {
    names: ["edit"],
    usage: "edit F OLD NEW",
    purpose: "replaces text in a file, after a permission",
    script: edit,
  },
  {
    names: ["multiedit"],
    usage: "multiedit F OLD NEW …",
    purpose: "several such replacements, told only by the call's input",
    script: multiEdit,
  },
];
