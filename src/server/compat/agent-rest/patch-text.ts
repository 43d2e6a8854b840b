import type { Diff } from "#src/domain/request.ts";

/**
 * A change as the text of a patch with one hunk: every old line goes, every new one comes, but for what both share at
 * the ends. Where the lines are not known to stand, the hunk's head names none, as Codex's patches do.
 */
export function patchText({ old_text, new_text, start_line }: Diff): string {
  const before = linesOf(old_text ?? "");
  const after = linesOf(new_text);
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  const kept = (lines: string[]): string[] => lines.map((line) => ` ${line}`);
  const hunk = [
    ...kept(before.slice(0, head)),
    ...before.slice(head, before.length - tail).map((line) => `-${line}`),
    ...after.slice(head, after.length - tail).map((line) => `+${line}`),
    ...kept(before.slice(before.length - tail)),
  ];
  if (start_line === undefined) return ["@@", ...hunk, ""].join("\n");
  // Of no lines, a patch names the line before them.
  const range = ({ length }: string[]): string => `${length === 0 ? start_line - 1 : start_line},${length}`;
  return [`@@ -${range(before)} +${range(after)} @@`, ...hunk, ""].join("\n");
}

function linesOf(text: string): string[] {
  if (text === "") return [];
  return text.replace(/\n$/, "").split("\n");
}
