/** Part of a hunk: unchanged lines, or lines that went and lines that came. */
type Part = { same: number; removed: number; added: number };

/** Changed lines with some context. Indexes count from 0 into the texts' lines. */
export type Hunk = { old_index: number; new_index: number; parts: readonly Part[] };

export type DiffLines = {
  hunks: readonly Hunk[];
  old_lines: readonly string[];
  new_lines: readonly string[];
};

/** One side of a row: a line by its index, and whether it went, came or stayed. */
export type DiffCell = { index: number; side: "old" | "new"; change: "same" | "removed" | "added" };

/** A line of the shown diff, or a gap of unchanged lines that are left out. */
export type UnifiedRow = { old: number | null; new: number | null; cell: DiffCell } | { gap: number };
export type SplitRow = { left: DiffCell | null; right: DiffCell | null } | { gap: number };

/** How many lines came and went. */
export function diffCounts(hunks: readonly Hunk[]): { added: number; removed: number } {
  const parts = hunks.flatMap((hunk) => hunk.parts);
  return {
    added: parts.reduce((sum, part) => sum + part.added, 0),
    removed: parts.reduce((sum, part) => sum + part.removed, 0),
  };
}

/** The diff one line below the other: what went above what came. */
export function unifiedRows({ hunks, old_lines }: DiffLines): UnifiedRow[] {
  return walk<UnifiedRow>(hunks, old_lines.length, (part, oldIndex, newIndex) => [
    ...count(part.same, (at) => ({
      old: oldIndex + at,
      new: newIndex + at,
      cell: { index: newIndex + at, side: "new", change: "same" } as const,
    })),
    ...count(part.removed, (at) => ({
      old: oldIndex + at,
      new: null,
      cell: { index: oldIndex + at, side: "old", change: "removed" } as const,
    })),
    ...count(part.added, (at) => ({
      old: null,
      new: newIndex + at,
      cell: { index: newIndex + at, side: "new", change: "added" } as const,
    })),
  ]);
}

/** The diff side by side: what went on the left, what came in its place on the right. */
export function splitRows({ hunks, old_lines }: DiffLines): SplitRow[] {
  return walk<SplitRow>(hunks, old_lines.length, (part, oldIndex, newIndex) => [
    ...count(part.same, (at) => ({
      left: { index: oldIndex + at, side: "old", change: "same" } as const,
      right: { index: newIndex + at, side: "new", change: "same" } as const,
    })),
    ...count(Math.max(part.removed, part.added), (at) => ({
      left: at < part.removed ? ({ index: oldIndex + at, side: "old", change: "removed" } as const) : null,
      right: at < part.added ? ({ index: newIndex + at, side: "new", change: "added" } as const) : null,
    })),
  ]);
}

/** The first so many rows, of one part after the other. */
export function takeRows<R>(parts: readonly (readonly R[])[], limit: number): (readonly R[])[] {
  let left = limit;
  return parts.map((rows) => {
    const taken = rows.slice(0, left);
    left -= taken.length;
    return taken;
  });
}

export function countRows(parts: readonly (readonly unknown[])[]): number {
  return parts.reduce((sum, rows) => sum + rows.length, 0);
}

function walk<R>(
  hunks: readonly Hunk[],
  oldLength: number,
  rowsOf: (part: Part, oldIndex: number, newIndex: number) => R[],
): (R | { gap: number })[] {
  const rows: (R | { gap: number })[] = [];
  let shownUpTo = 0;
  for (const hunk of hunks) {
    if (hunk.old_index > shownUpTo) rows.push({ gap: hunk.old_index - shownUpTo });
    let oldIndex = hunk.old_index;
    let newIndex = hunk.new_index;
    for (const part of hunk.parts) {
      rows.push(...rowsOf(part, oldIndex, newIndex));
      oldIndex += part.same + part.removed;
      newIndex += part.same + part.added;
    }
    shownUpTo = oldIndex;
  }
  if (hunks.length > 0 && oldLength > shownUpTo) rows.push({ gap: oldLength - shownUpTo });
  return rows;
}

function count<T>(length: number, make: (at: number) => T): T[] {
  return Array.from({ length }, (_, at) => make(at));
}
