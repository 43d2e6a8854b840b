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
    left -= file.diffs ? sizeOf(file.diffs) : 0;
    return left < 0 ? { ...file, diffs: null } : file;
  });
  return kept.reverse();
}

function withEdit(file: ChangedFile | undefined, edit: Diff, row_key: string): ChangedFile {
  const { path } = edit;
  if (!file) return { path, diffs: [edit], edits: 1, row_key, added: 0, removed: 0 };
  const earlier = file.row_key === row_key ? file.diffs : file.diffs?.map(unplaced);
  const joined = earlier && join(earlier, edit);
  const next = { path, edits: file.edits + 1, row_key };
  if (joined && sizeOf(joined) <= MAX_CHARS) return { ...next, diffs: joined, added: 0, removed: 0 };
  const [before, now] = [statOf(file), diffStat([edit])];
  return {
    ...next,
    diffs: null,
    added: before.added + now.added,
    removed: before.removed + now.removed,
  };
}

function statOf({ diffs, added, removed }: ChangedFile): DiffStat {
  return diffs ? diffStat(diffs) : { added, removed };
}

function sizeOf(diffs: readonly Diff[]): number {
  return diffs.reduce((sum, { old_text, new_text }) => sum + (old_text?.length ?? 0) + new_text.length, 0);
}

/** A change without its line, which a later call may have moved. */
function unplaced({ path, old_text, new_text }: Diff): Diff {
  return { path, old_text, new_text };
}

/** Changes of one file with one more, which goes on where an earlier one ended or is another part of the file. */
function join(earlier: readonly Diff[], edit: Diff): Diff[] {
  const same = edit.old_text ? earlier.findLastIndex(({ new_text }) => new_text === edit.old_text) : -1;
  if (same === -1) return [...earlier, edit];
  return earlier.map((diff, index) => (index === same ? { ...edit, old_text: diff.old_text } : diff));
}
