import type { Diff } from "#src/domain/request.ts";

export type DiffStat = { added: number; removed: number };

/** The lines of a text; the newline at its end opens no further line, and a text that is missing has none. */
export function linesOf(text: string | null): string[] {
  if (!text) return [];
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Lines added and removed over all diffs, as a smallest line diff counts them. */
export function diffStat(diffs: readonly Diff[]): DiffStat {
  const sum: DiffStat = { added: 0, removed: 0 };
  for (const diff of diffs) {
    const { added, removed } = statOf(linesOf(diff.old_text), linesOf(diff.new_text));
    sum.added += added;
    sum.removed += removed;
  }
  return sum;
}

/** How many lines two texts share at their start and, of the rest, at their end. */
export function commonEnds(
  before: readonly string[],
  after: readonly string[],
): { start: number; end: number } {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { start, end };
}

function statOf(before: readonly string[], after: readonly string[]): DiffStat {
  const { start, end } = commonEnds(before, after);
  const old = before.slice(start, before.length - end);
  const now = after.slice(start, after.length - end);
  const kept = old.length === 0 || now.length === 0 ? 0 : longestCommon(old, now);
  return { added: now.length - kept, removed: old.length - kept };
}

const WORD = 32;

/**
 * The length of the longest common subsequence of lines, bit-parallel (Hyyrö 2004): a zero bit of `row` is a line of
 * `a` in it. Words where a line does not occur change only by a carry, so unlike texts cost next to nothing and equal
 * ones n²/32 steps.
 */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  const places = placesOf(a);
  const row = new Uint32Array(Math.ceil(a.length / WORD)).fill(0xffffffff);
  for (const line of b) {
    const words = places.get(line);
    if (words) addLine(row, words);
  }
  let zeros = 0;
  for (let index = 0; index < a.length; index += 1) {
    if (((row[index >> 5] ?? 0) & (1 << (index & 31))) === 0) zeros += 1;
  }
  return zeros;
}

/** For each line, the words of the bit row in which it stands, ascending, and its bits there. */
type Places = Map<string, Map<number, number>>;

function placesOf(lines: readonly string[]): Places {
  const places: Places = new Map();
  for (const [index, line] of lines.entries()) {
    const words = places.get(line) ?? new Map<number, number>();
    const word = index >> 5;
    words.set(word, (words.get(word) ?? 0) | (1 << (index & 31)));
    places.set(line, words);
  }
  return places;
}

function addLine(row: Uint32Array, words: ReadonlyMap<number, number>): void {
  let carry = 0;
  let next = 0;
  for (const [word, bits] of words) {
    for (; carry === 1 && next < word; next += 1) carry = addWord(row, next, 0, carry);
    carry = addWord(row, word, bits, carry);
    next = word + 1;
  }
  for (; carry === 1 && next < row.length; next += 1) carry = addWord(row, next, 0, carry);
}

/** One word of `row = (row + (row & bits)) | (row & ~bits)`; gives the carry into the next. */
function addWord(row: Uint32Array, word: number, bits: number, carry: number): number {
  const value = row[word] ?? 0;
  const sum = value + ((value & bits) >>> 0) + carry;
  row[word] = sum | (value & ~bits);
  return sum > 0xffffffff ? 1 : 0;
}
