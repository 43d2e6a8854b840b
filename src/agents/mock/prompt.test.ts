import * as fc from "fast-check";
import { expect, it } from "vitest";
import { numberArgument, parsePrompt, takeArgument, wholeArgument } from "./prompt.ts";

const arguments_: [line: string, argument: string, rest: string][] = [
  ["a b c", "a", "b c"],
  ["  a  ", "a", ""],
  ['"a b" c', "a b", "c"],
  ["'a \\n b' c", "a \\n b", "c"],
  ['"say \\"hi\\"\\n\\\\" c', 'say "hi"\n\\', "c"],
  ['"" c', "", "c"],
  ['"open c', '"open', "c"],
  ["", "", ""],
];
it.each(arguments_)("takes the first argument of %j", (line, argument, rest) => {
  expect(takeArgument(line)).toEqual({ argument, rest });
});

it("reads back any text in double quotes", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const quoted = `"${text.replace(/[\\"]/g, "\\$&")}"`;
      expect(takeArgument(`${quoted} rest`)).toEqual({ argument: text, rest: "rest" });
      expect(wholeArgument(quoted)).toBe(text);
    }),
  );
});

it("leaves an unquoted rest as it stands", () => {
  expect(wholeArgument('two  words and "a quote"')).toBe('two  words and "a quote"');
  expect(wholeArgument('"a" and "b"')).toBe('"a" and "b"');
});

it.each([
  ["", 5],
  ["7", 7],
  ["-1", 0],
  ["1e9", 100],
  ["many", 5],
])("takes %j as the number %d", (argument, number) => {
  expect(numberArgument(argument, 5, 100)).toBe(number);
});

it("joins text blocks and finds the word", () => {
  const prompt = parsePrompt([
    { type: "text", text: " /Edit a.txt" },
    { type: "text", text: "more" },
  ]);
  expect(prompt).toEqual({ text: "/Edit a.txt\nmore", word: "edit", rest: "a.txt\nmore", attachments: [] });
});
