import { useEffect, useState } from "react";
import type { DiffLines, Hunk } from "./diff-rows.ts";
import { loadCode } from "#src/web/ui/load-code.ts";

/**
 * The text before and after, of a part of a file, or of all of it where nothing is told of before. `start_line` is the
 * line of the file where they begin, absent when that is not known.
 */
export type FileChange = { old_text: string | null; new_text: string; start_line?: number };

/** The changed lines of a file, or why they were not worked out. */
export type ComputedDiff = (DiffLines & { problem: null }) | { problem: string };

/** Files longer than this are not compared in the page: it would stand still. */
const MAX_CHARS = 600_000;

const computed = new WeakMap<FileChange, ComputedDiff>();

/** The diffs of changes; null while the code for it loads, which happens once. */
export function useDiffs(changes: readonly FileChange[]): readonly ComputedDiff[] | null {
  const [done, setDone] = useState<{ changes: readonly FileChange[]; diffs: ComputedDiff[] } | null>(null);
  const known = changes.flatMap((change) => computed.get(change) ?? []);
  const ready = known.length === changes.length;
  useEffect(() => {
    if (ready) return;
    let wanted = true;
    void Promise.all(changes.map(diffOf)).then((diffs) => {
      if (wanted) setDone({ changes, diffs });
    });
    return () => {
      wanted = false;
    };
  }, [changes, ready]);
  if (ready) return known;
  return done?.changes === changes ? done.diffs : null;
}

async function diffOf(change: FileChange): Promise<ComputedDiff> {
  const known = computed.get(change);
  if (known) return known;
  const diff = await computeDiff(change);
  computed.set(change, diff);
  return diff;
}

async function computeDiff({ old_text, new_text }: FileChange): Promise<ComputedDiff> {
  const before = old_text ?? "";
  if (before === new_text) return { hunks: [], old_lines: [], new_lines: [], problem: null };
  if (before.length + new_text.length > MAX_CHARS) {
    return { problem: "The file is too large to compare here." };
  }
  try {
    const { parseDiffFromFile } = await loadCode(() => import("@pierre/diffs"));
    // The library writes a patch and reads it back, so the file's real name, an agent's text, stays out of it.
    const side = (contents: string) => ({ name: "file", contents: withLineEnd(contents) });
    const diff = parseDiffFromFile(side(before), side(new_text), { context: 3 });
    return {
      hunks: diff.hunks.map(toHunk),
      // A text without anything in it has no line, not an empty one.
      old_lines: before === "" ? [] : diff.deletionLines,
      new_lines: new_text === "" ? [] : diff.additionLines,
      problem: null,
    };
  } catch (error) {
    return { problem: `The two texts could not be compared: ${String(error)}` };
  }
}

/** A missing line end at the end of a file is no change of its last line. */
function withLineEnd(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

type LibraryHunk = {
  deletionLineIndex: number;
  additionLineIndex: number;
  deletionStart: number;
  additionStart: number;
  hunkContent: readonly (
    | { type: "context"; lines: number }
    | { type: "change"; additions: number; deletions: number }
  )[];
};

function toHunk(hunk: LibraryHunk): Hunk {
  return {
    // Of an empty text a patch names the line before its first.
    old_index: Math.max(0, hunk.deletionLineIndex),
    new_index: Math.max(0, hunk.additionLineIndex),
    parts: hunk.hunkContent.map((part) =>
      part.type === "context"
        ? { same: part.lines, removed: 0, added: 0 }
        : { same: 0, removed: part.deletions, added: part.additions },
    ),
  };
}
