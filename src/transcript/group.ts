import type { ToolKind } from "#src/domain/event.ts";
import { formatPlural } from "#src/lib/format.ts";
import type { Row, RowOf } from "./rows.ts";
import { fileOf } from "./tool-view.ts";

/** A run of small tool calls that went well, shown as one sentence until it is opened. */
export type RowGroup = {
  kind: "group";
  /** Stable while the run grows: it is made of the first row's key. */
  key: string;
  rows: readonly RowOf<"tool">[];
  /** `Read 6 files, ran 2 commands, searched 3 times`. */
  sentence: string;
};

type SingleRow = { kind: "row"; key: string; row: Row };
export type RowItem = SingleRow | RowGroup;

const smallKinds: ReadonlySet<ToolKind> = new Set(["read", "search", "fetch", "execute", "think", "other"]);

/**
 * Folds runs of two or more small tool calls into groups. With the `previous` items, those whose rows are unchanged
 * keep their reference, only what follows the first change, or stands before what came in front, is grouped again, and
 * the same array comes back when nothing changed.
 */
export function groupRows(rows: readonly Row[], previous: readonly RowItem[] = []): readonly RowItem[] {
  const kept = unchangedPrefix(rows, previous);
  if (kept.rows === rows.length && kept.items === previous.length) return previous;
  const end = kept.items === 0 ? unchangedEnd(rows, previous) : { items: 0, rows: 0 };
  const changed = previous.slice(kept.items, previous.length - end.items);
  return [
    ...previous.slice(0, kept.items),
    ...grouped(rows.slice(kept.rows, rows.length - end.rows), changed),
    ...previous.slice(previous.length - end.items),
  ];
}

/** Rows as items, each of the `previous` ones where that is the same. */
function grouped(rows: readonly Row[], previous: readonly RowItem[]): RowItem[] {
  const items: RowItem[] = [];
  const old = new Map(previous.map((item) => [item.key, item]));
  for (let index = 0; index < rows.length;) {
    const item = itemAt(rows, index);
    if (item === null) break;
    const before = old.get(item.key);
    items.push(before && sameItem(before, item) ? before : item);
    index += sizeOf(item);
  }
  return items;
}

/** Whether a call is small: over, well, and with nothing a person has to see or answer. */
function isSmall(row: Row): row is RowOf<"tool"> {
  if (row.kind !== "tool") return false;
  const { kind, status, exit_code, diffs, content, permissions } = row.tool;
  const quiet =
    diffs.length === 0 && content.length === 0 && permissions.every((item) => item.response !== null);
  return smallKinds.has(kind) && status === "completed" && (exit_code ?? 0) === 0 && quiet;
}

/** How many items, and the rows in them, stand as they were; the last one may still grow, so it does not count. */
function unchangedPrefix(
  rows: readonly Row[],
  previous: readonly RowItem[],
): { items: number; rows: number } {
  let count = 0;
  let items = 0;
  for (const item of previous) {
    if (!standsAt(rows, count, item)) break;
    count += sizeOf(item);
    items += 1;
  }
  if (count === rows.length && items === previous.length) return { items, rows: count };
  const last = previous[items - 1];
  if (!last) return { items: 0, rows: 0 };
  return { items: items - 1, rows: count - sizeOf(last) };
}

/** How many items at the end stand as they were, and the rows in them; the first of them may join what is before it. */
function unchangedEnd(rows: readonly Row[], previous: readonly RowItem[]): { items: number; rows: number } {
  let count = 0;
  let items = 0;
  let first = 0;
  for (let index = previous.length - 1; index >= 0; index -= 1) {
    const item = previous[index];
    if (!item || !standsAt(rows, rows.length - count - sizeOf(item), item)) break;
    first = sizeOf(item);
    count += first;
    items += 1;
  }
  return { items: Math.max(0, items - 1), rows: count - first };
}

/** Runs over every item with every delta, so the many single rows make no array. */
function standsAt(rows: readonly Row[], index: number, item: RowItem): boolean {
  if (item.kind === "row") return rows[index] === item.row;
  return item.rows.every((row, offset) => rows[index + offset] === row);
}

function sizeOf(item: RowItem): number {
  return item.kind === "group" ? item.rows.length : 1;
}

function itemAt(rows: readonly Row[], index: number): RowItem | null {
  const first = rows[index];
  if (!first) return null;
  const run = runAt(rows, index);
  if (run.length < 2) return { kind: "row", key: first.key, row: first };
  return { kind: "group", key: `group:${first.key}`, rows: run, sentence: sentenceOf(run) };
}

/** Small calls that follow each other under the same parent. */
function runAt(rows: readonly Row[], start: number): RowOf<"tool">[] {
  const run: RowOf<"tool">[] = [];
  for (let index = start; index < rows.length; index += 1) {
    const row = rows[index];
    if (!row || !isSmall(row) || row.tool.parent_id !== (run[0] ?? row).tool.parent_id) break;
    run.push(row);
  }
  return run;
}

function sentenceOf(run: readonly RowOf<"tool">[]): string {
  const kinds = new Set(run.map((row) => row.tool.kind));
  const parts = Array.from(kinds, (kind) =>
    phraseOf(
      kind,
      run.filter((row) => row.tool.kind === kind),
    ),
  );
  const sentence = parts.join(", ");
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function phraseOf(kind: ToolKind, calls: readonly RowOf<"tool">[]): string {
  const count = calls.length;
  switch (kind) {
    case "read":
      return `read ${formatPlural(new Set(calls.map((row) => fileOf(row.tool) ?? row.key)).size, "file")}`;
    case "execute":
      return `ran ${formatPlural(count, "command")}`;
    case "search":
      return `searched ${times(count)}`;
    case "fetch":
      return `fetched ${formatPlural(count, "page")}`;
    case "think":
      return `thought ${times(count)}`;
    default:
      return `used ${formatPlural(count, "other tool")}`;
  }
}

function times(count: number): string {
  return count === 1 ? "once" : formatPlural(count, "time");
}

function sameItem(a: RowItem, b: RowItem): boolean {
  if (a.kind === "row") return b.kind === "row" && a.row === b.row;
  return b.kind === "group" && a.rows.length === b.rows.length && a.rows.every((row, n) => row === b.rows[n]);
}
