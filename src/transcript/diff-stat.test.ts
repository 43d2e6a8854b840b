import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffStat } from "./diff-stat.ts";

const stat = (old_text: string | null, new_text: string) => diffStat([{ path: "f", old_text, new_text }]);

/** The textbook table, to compare with. */
function commonByTable(a: string[], b: string[]): number {
  let above = Array.from({ length: b.length + 1 }, () => 0);
  for (const line of a) {
    const row = [0];
    for (const [j, other] of b.entries()) {
      row.push(line === other ? above[j]! + 1 : Math.max(above[j + 1]!, row[j]!));
    }
    above = row;
  }
  return above.at(-1)!;
}

describe("diffStat", () => {
  it.each([
    ["a new file", null, "a\nb\n", { added: 2, removed: 0 }],
    ["an emptied file", "a\nb\n", "", { added: 0, removed: 2 }],
    ["nothing", "a\nb", "a\nb", { added: 0, removed: 0 }],
    ["a changed line", "one\ntwo\nthree\n", "ONE\ntwo\nthree\n", { added: 1, removed: 1 }],
    ["an inserted line", "a\nc\n", "a\nb\nc\n", { added: 1, removed: 0 }],
    ["a moved line", "a\nb\nc\n", "b\nc\na\n", { added: 1, removed: 1 }],
    ["a blank line", "a\n", "a\n\n", { added: 1, removed: 0 }],
    ["only the newline at the end", "a", "a\n", { added: 0, removed: 0 }],
  ])("counts %s", (_, before, after, expected) => {
    expect(stat(before, after)).toEqual(expected);
  });

  it("adds up diffs", () => {
    const diff = { path: "f", old_text: "a", new_text: "b" };
    expect(diffStat([diff, diff])).toEqual({ added: 2, removed: 2 });
    expect(diffStat([])).toEqual({ added: 0, removed: 0 });
  });

  it("agrees with the textbook over word borders", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 120, size: "max" });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const kept = commonByTable(before, after);
        expect(stat(before.join("\n"), after.join("\n"))).toEqual({
          added: after.length - kept,
          removed: before.length - kept,
        });
      }),
      { numRuns: 300 },
    );
  });

  it("counts 5,000 lines of which every second one changed", () => {
    const before = Array.from({ length: 5000 }, (_, n) => (n % 2 ? "}" : `line ${n}`));
    const after = before.map((line, n) => (n % 2 ? line : `${line}!`));
    expect(stat(before.join("\n"), after.join("\n"))).toEqual({ added: 2500, removed: 2500 });
  });
});
