import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visibleText } from "./visible-text.ts";

describe("visibleText", () => {
  it.each([
    ["plain text, tabs\tand\nlines", "plain text, tabs\tand\nlines"],
    ["rm \u202etxt.exe", "rm ⟨U+202E⟩txt.exe"],
    ["bell\u0007", "bell␇"],
    ["a\u200bb", "a⟨U+200B⟩b"],
    ["tag\u{e0041}", "tag⟨U+E0041⟩"],
    ["family 👨\u200d👩", "family 👨\u200d👩"],
    ["עברית and العربية", "עברית and العربية"],
  ])("%j → %j", (text, shown) => expect(visibleText(text)).toBe(shown));

  it("leaves nothing to do for a second pass", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(visibleText(visibleText(text))).toBe(visibleText(text));
      }),
    );
  });
});
