import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocksOf, emptyBlocks, lexBlocks, type BlockList } from "./blocks.ts";

const fragment = fc.constantFrom(
  "word ",
  "two words\n",
  "\n",
  "\n\n",
  "# Title\n",
  "- item\n",
  "  - nested\n",
  "1. one\n",
  "- [x] done\n",
  "```ts\n",
  "```\n",
  "const a = 1;\n",
  "> quote\n",
  "| a | b |\n",
  "|---|---|\n",
  "| 1 | 2 |\n",
  "---\n",
  "===\n",
  "    code\n",
  "<div>\n",
  "</div>\n",
  "**bold** ",
  "`code` ",
  "[a] ",
  "[a]: http://x.example\n",
  "![img](http://x/y.png)",
  "*",
  "_",
  "~~",
  "\\",
  "$$\n",
  "\t",
  "  \n",
  "~~~\n",
  "<!-- ",
  " -->",
  "***\n",
  "+ plus\n",
  "\r\n",
  "*em* text\n",
);
const markdown = fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join(""));
const normal = (text: string) => text.replace(/\r\n?/g, "\n");

/** Feeds `text` cut at `cuts`, as a stream would. */
function stream(text: string, cuts: number[]): BlockList {
  let list = emptyBlocks;
  for (const cut of [...cuts].sort((a, b) => a - b)) list = lexBlocks(list, text.slice(0, cut), true);
  return lexBlocks(list, text, false);
}

describe("lexBlocks", () => {
  it("keeps every character: the blocks joined are the source", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(
          blocksOf(text)
            .map((block) => block.raw)
            .join(""),
        ).toBe(normal(text));
      }),
    );
  });

  it("gives the same blocks however the text is cut", () => {
    fc.assert(
      fc.property(markdown, fc.array(fc.nat(400), { maxLength: 12 }), (text, cuts) => {
        expect(stream(text, cuts).blocks).toEqual(blocksOf(text));
      }),
      { numRuns: 1000 },
    );
  });

  it("keeps the identity of finished blocks while the tail grows", () => {
    const before = lexBlocks(emptyBlocks, "# A\n\nfirst\n\nsecond", true);
    const after = lexBlocks(before, "# A\n\nfirst\n\nsecond grows\n\nthird", true);
    expect(after.blocks.slice(0, 2)).toEqual(before.blocks.slice(0, 2));
    expect(after.blocks[0]).toBe(before.blocks[0]);
    expect(after.blocks[1]).toBe(before.blocks[1]);
    expect(after.blocks.map((block) => block.open)).toEqual([false, false, false, true]);
  });

  it("returns the same list when nothing changed", () => {
    const list = lexBlocks(emptyBlocks, "text", true);
    expect(lexBlocks(list, "text", true)).toBe(list);
  });

  it("resolves a link whose definition comes later", () => {
    const list = stream("see [a]\n\nmore\n\n[a]: http://x.example\n", [9, 14]);
    expect(JSON.stringify(list.blocks[0]?.token)).toContain("http://x.example");
  });
});
