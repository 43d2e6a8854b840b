import type { Diff } from "#src/domain/request.ts";
import { type DiffStat, diffStat } from "./diff-stat.ts";
import type { ChangedFile, Row } from "./rows.ts";
import { diffsOf } from "./tool-diffs.ts";

/** A longer change of one file is counted and not kept: no page would compare it. */
const MAX_CHARS = 600_000;

/**
 * The files that rows changed, in the order of their first change; `earlier` are those of the rows before, so that a
 * session can be looked through in parts. Changes that failed or were not allowed are not there.
 */
export function changedFiles(
  rows: readonly Row[],
  earlier: readonly ChangedFile[] = [],
): readonly ChangedFile[] {
  const files = new Map(earlier.map((file) => [file.path, file]));
  const touched = new Set<string>();
  for (const row of rows) {
    for (const diff of changesIn(row)) {
      files.set(diff.path, withEdit(files.get(diff.path), diff, row.key));
      touched.add(diff.path);
    }
  }
  if (touched.size === 0) return earlier;
  return Array.from(files.values(), (file) => (touched.has(file.path) ? { ...file, ...statOf(file) } : file));
}

/** The diffs of a row that took effect, as far as is known. */
export function changesIn(row: Row): readonly Diff[] {
  if (row.kind !== "tool" || row.tool.status === "failed") return [];
  const refused = row.tool.permissions.some((permission) => permission.response?.approved !== true);
  return refused ? [] : diffsOf(row.tool);
}

/** The same files with no more than `chars` of diffs: those that were changed first go without. */
export function withinBudget(files: readonly ChangedFile[], chars: number): ChangedFile[] {
  let left = chars;
  const kept = files.toReversed().map((file) => {
    left -= file.diff ? sizeOf(file.diff) : 0;
    return left < 0 ? { ...file, diff: null } : file;
  });
  return kept.reverse();
}

function withEdit(file: ChangedFile | undefined, edit: Diff, row_key: string): ChangedFile {
  const { path } = edit;
  if (!file) return { path, diff: edit, edits: 1, row_key, added: 0, removed: 0 };
  const joined = file.diff && join(file.diff, edit);
  const next = { path, edits: file.edits + 1, row_key };
  if (joined && sizeOf(joined) <= MAX_CHARS) return { ...next, diff: joined, added: 0, removed: 0 };
  const [before, now] = [statOf(file), diffStat([edit])];
  return {
    ...next,
    diff: null,
    added: before.added + now.added,
    removed: before.removed + now.removed,
  };
}

function statOf({ diff, added, removed }: ChangedFile): DiffStat {
  return diff ? diffStat([diff]) : { added, removed };
}

function sizeOf({ old_text, new_text }: Diff): number {
  return (old_text?.length ?? 0) + new_text.length;
}

/**
 * Two changes of one file as one. Agents that show whole files join end to end; of those that show only the changed
 * part the latter does not follow from the former, so both parts stand one below the other.
 */
function join(first: Diff, second: Diff): Diff {
  if (second.old_text === first.new_text) return { ...second, old_text: first.old_text };
  return {
    path: second.path,
    old_text:
      first.old_text === null && second.old_text === null
        ? null
        : `${first.old_text ?? ""}\n${second.old_text ?? ""}`,
    new_text: `${first.new_text}\n${second.new_text}`,
  };
}
