import { Fragment } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blocksOf } from "./blocks.ts";
import { blockElements } from "./block-view.tsx";

function html(text: string): string {
  return renderToStaticMarkup(
    <>
      {blocksOf(text).map((block, index) => (
        <Fragment key={index}>{blockElements(block)}</Fragment>
      ))}
    </>,
  );
}

describe("markdown of an agent", () => {
  it.each([
    ["<script>alert(1)</script>", "&lt;script&gt;"],
    ["text <img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"],
    ["[click](javascript:alert(1))", "(javascript:alert(1))"],
    ["[file](/etc/passwd)", "(/etc/passwd)"],
    ["rm \u202etxt.exe", "⟨U+202E⟩"],
    ["a &amp; b &lt;", "a &amp; b &lt;"],
    ["$$ x^2 $$", "$$ x^2 $$"],
  ])("shows %j as text", (text, shown) => expect(html(text)).toContain(shown));

  it("marks links with their host and opens them beside the page", () => {
    const shown = html("[here](https://example.org/a)");
    expect(shown).toContain('href="https://example.org/a"');
    expect(shown).toContain('target="_blank"');
    expect(shown).toContain('rel="noopener noreferrer"');
    expect(shown).toContain("(example.org)");
  });

  it.each(["- reads `null` **twice** here", "1. reads `null` **twice** here"])(
    "keeps the words of a list's item in one line: %s",
    (text) => {
      expect(html(text)).toMatch(
        /<div>reads <code[^>]*>null<\/code> <strong[^>]*>twice<\/strong> here<\/div>/,
      );
    },
  );

  it("names an image and does not load it", () => {
    const shown = html("![a picture](https://evil.example/p.png)");
    expect(shown).toContain("a picture");
    expect(shown).toContain("evil.example");
    expect(shown).not.toContain("<img");
  });

  it("never makes an element or an address that is not allowed", () => {
    const piece = fc.constantFrom(
      ..."<script> </script> <img/src=x> <svg/onload=a> [a](javascript:b) [a](data:text/html,b) ![i](http://e/i.png)".split(
        " ",
      ),
      "```html\n",
      "<iframe src=x>",
      "</iframe>\n",
      "\n\n",
      "- ",
      "> ",
      "| a |\n|---|\n",
      "<a href='javascript:x'>",
      "&lt;script&gt;",
      "*",
      "`",
      "<!--",
      "-->",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        const shown = html(pieces.join(" "));
        expect(shown).not.toMatch(/<(script|img|iframe|object|embed|style|form|base|meta)\b/i);
        for (const [tag] of shown.matchAll(/<\w[^>]*>/g)) expect(tag).not.toMatch(/\son\w+=/i);
        for (const [, href] of shown.matchAll(/(?:href|src)="([^"]*)"/g))
          expect(href).toMatch(/^(https?|mailto):/);
      }),
      { numRuns: 200 },
    );
  });
});
