import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { capEnd, capStart, countLines } from "./cap.ts";

const limits = { lines: 3, chars: 20 };

describe("capEnd", () => {
  it.each([
    ["short", { text: "short", hidden_lines: 0, hidden_chars: 0 }],
    ["a\nb\nc\n", { text: "a\nb\nc\n", hidden_lines: 0, hidden_chars: 0 }],
    ["a\nb\nc\nd\n", { text: "b\nc\nd\n", hidden_lines: 1, hidden_chars: 2 }],
    ["0123456789012345\n678901234\n", { text: "678901234\n", hidden_lines: 1, hidden_chars: 17 }],
    ["012345678901234567890123", { text: "45678901234567890123", hidden_lines: 1, hidden_chars: 4 }],
  ])("%j", (text, capped) => expect(capEnd(text, limits)).toEqual(capped));
});

describe("capStart", () => {
  it.each([
    ["a\nb", { text: "a\nb", hidden_lines: 0, hidden_chars: 0 }],
    ["a\nb\nc\nd", { text: "a\nb\nc", hidden_lines: 2, hidden_chars: 2 }],
  ])("%j", (text, capped) => expect(capStart(text, limits)).toMatchObject({ text: capped.text }));
});

it("stays within both limits and loses nothing but the cut part", () => {
  const text = fc.array(fc.constantFrom("word", "\n", "a"), { maxLength: 60 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (source) => {
      const end = capEnd(source, limits);
      expect(end.text.length).toBeLessThanOrEqual(limits.chars);
      expect(countLines(end.text)).toBeLessThanOrEqual(limits.lines);
      expect(source.slice(end.hidden_chars)).toBe(end.text);
      const start = capStart(source, limits);
      expect(start.text.length).toBeLessThanOrEqual(limits.chars);
      expect(source.startsWith(start.text)).toBe(true);
      expect(start.text.length + start.hidden_chars).toBe(source.length);
    }),
  );
});
