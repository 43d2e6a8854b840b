import { describe, expect, it } from "vitest";
import { countRows, diffCounts, type DiffLines, splitRows, takeRows, unifiedRows } from "./diff-rows.ts";

/** Lines 0 to 19; line 5 changed to two others, line 12 gone. */
const lines = Array.from({ length: 20 }, (_, at) => `line ${at}\n`);
const diff: DiffLines = {
  old_lines: lines,
  new_lines: [...lines.slice(0, 5), "new a\n", "new b\n", ...lines.slice(6, 12), ...lines.slice(13)],
  hunks: [
    {
      old_index: 4,
      new_index: 4,
      parts: [
        { same: 1, removed: 0, added: 0 },
        { same: 0, removed: 1, added: 2 },
        { same: 1, removed: 0, added: 0 },
      ],
    },
    {
      old_index: 11,
      new_index: 12,
      parts: [
        { same: 1, removed: 0, added: 0 },
        { same: 0, removed: 1, added: 0 },
      ],
    },
  ],
};

describe("diff rows", () => {
  it("counts", () => expect(diffCounts(diff.hunks)).toEqual({ added: 2, removed: 2 }));

  it("puts what went above what came, with the gaps between hunks", () => {
    const shown = unifiedRows(diff).map((row) => {
      if ("gap" in row) return `… ${row.gap}`;
      const text = (row.cell.side === "old" ? diff.old_lines : diff.new_lines)[row.cell.index];
      return `${row.old ?? " "}|${row.new ?? " "} ${row.cell.change} ${text?.trim()}`;
    });
    expect(shown).toEqual([
      "… 4",
      "4|4 same line 4",
      "5|  removed line 5",
      " |5 added new a",
      " |6 added new b",
      "6|7 same line 6",
      "… 4",
      "11|12 same line 11",
      "12|  removed line 12",
      "… 7",
    ]);
  });

  it("pairs what went with what came", () => {
    const shown = splitRows(diff).map((row) =>
      "gap" in row ? `… ${row.gap}` : `${row.left?.index ?? "-"} ${row.right?.index ?? "-"}`,
    );
    expect(shown).toEqual(["… 4", "4 4", "5 5", "- 6", "6 7", "… 4", "11 12", "12 -", "… 7"]);
  });

  it("takes so many rows of one part after the other", () => {
    const parts = [["a", "b"], ["c", "d"], ["e"]];
    expect(takeRows(parts, 3)).toEqual([["a", "b"], ["c"], []]);
    expect(countRows(takeRows(parts, 9))).toBe(5);
  });

  it("has nothing to show for no change", () => {
    expect(unifiedRows({ hunks: [], old_lines: lines, new_lines: lines })).toEqual([]);
  });
});
