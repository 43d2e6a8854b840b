import type { Diff } from "#src/domain/request.ts";

/** The changes of one file, in order; each is a part of its own. */
export type FileChanges = { path: string; changes: readonly Diff[] };

const grouped = new WeakMap<readonly Diff[], readonly FileChanges[]>();

/** Changes by the file they are of, in the order of its first one. The same reference for the same changes. */
export function fileChanges(diffs: readonly Diff[]): readonly FileChanges[] {
  let files = grouped.get(diffs);
  if (!files) {
    const paths = [...new Set(diffs.map(({ path }) => path))];
    files = paths.map((path) => ({ path, changes: diffs.filter((diff) => diff.path === path) }));
    grouped.set(diffs, files);
  }
  return files;
}
