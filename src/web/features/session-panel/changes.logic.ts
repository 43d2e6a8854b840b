import type { Diff } from "#src/domain/request.ts";
import { diffStat } from "#src/transcript/diff-stat.ts";
import type { Row } from "#src/transcript/rows.ts";

/** A file that tools changed: from how it was before the first change to how it was left by the last. */
export type ChangedFile = {
  path: string;
  diff: Diff;
  edits: number;
  added: number;
  removed: number;
  /** The row of the last change. */
  row_key: string;
};

/** The files that the loaded rows changed, in the order of their first change. Changes that failed are not there. */
export function changedFiles(rows: readonly Row[]): ChangedFile[] {
  const files = new Map<string, Omit<ChangedFile, "added" | "removed">>();
  for (const row of rows) {
    if (row.kind !== "tool" || row.tool.status === "failed") continue;
    if (row.tool.permissions.some((permission) => permission.response?.approved !== true)) continue;
    for (const diff of row.tool.diffs) {
      const before = files.get(diff.path);
      files.set(diff.path, {
        path: diff.path,
        diff: before ? join(before.diff, diff) : diff,
        edits: (before?.edits ?? 0) + 1,
        row_key: row.key,
      });
    }
  }
  return Array.from(files.values(), (file) => ({ ...file, ...diffStat([file.diff]) }));
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
