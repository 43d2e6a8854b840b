import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { looksLikeDotenv, parseDotenv } from "./dotenv.ts";

const values = (text: string): Record<string, string> =>
  Object.fromEntries(parseDotenv(text).entries.map(({ name, value }) => [name, value]));

describe("parseDotenv", () => {
  test.each<[string, string, Record<string, string>]>([
    ["plain", "A=1\nB=two", { A: "1", B: "two" }],
    ["export prefix", "export A=1\n  export\tB=2", { A: "1", B: "2" }],
    ["blanks around =", "A = 1", { A: "1" }],
    ["comments and blank lines", "# top\n\n  # indented\nA=1 # inline\nB=a#b", { A: "1", B: "a#b" }],
    ["a value that is only a comment", "A= # nothing", { A: "" }],
    ["= in values", "URL=postgres://u:p@h/d?a=b&c=d==", { URL: "postgres://u:p@h/d?a=b&c=d==" }],
    ["empty values", "A=\nB=''\nC=\"\"", { A: "", B: "", C: "" }],
    ["quotes keep blanks and #", "A=\" x # y \"\nB=' x # y '", { A: " x # y ", B: " x # y " }],
    [
      "escapes in double quotes only",
      String.raw`A="a\nb\t\"c\"\\" ` + "\n" + String.raw`B='a\nb'`,
      {
        A: 'a\nb\t"c"\\',
        B: String.raw`a\nb`,
      },
    ],
    ["an unknown escape stays", String.raw`A="\d+"`, { A: String.raw`\d+` }],
    ["several lines", 'KEY="-----BEGIN\nabc=\n-----END"\nB=2', { KEY: "-----BEGIN\nabc=\n-----END", B: "2" }],
    ["a comment after a closing quote", "A='x' # why", { A: "x" }],
    ["nothing is expanded", 'A=$HOME\nB="${A}"', { A: "$HOME", B: "${A}" }],
    ["Windows line ends and a byte order mark", "\uFEFFA=1\r\nB=2\r\n", { A: "1", B: "2" }],
  ])("%s", (_name, text, expected) => {
    const result = parseDotenv(text);
    expect(Object.fromEntries(result.entries.map(({ name, value }) => [name, value]))).toEqual(expected);
    expect(result.problems).toEqual([]);
  });

  test("a bad line is named and the others are kept", () => {
    expect(parseDotenv("A=1\nwhat is this\n2B=3\nC=4")).toEqual({
      entries: [
        { name: "A", value: "1", line: 1 },
        { name: "C", value: "4", line: 4 },
      ],
      problems: [
        { line: 2, message: "not of the form NAME=value" },
        { line: 3, message: "not of the form NAME=value" },
      ],
    });
  });

  test("an open quote costs its own line only", () => {
    const { entries, problems } = parseDotenv('A="open\nB=2');
    expect(entries).toEqual([{ name: "B", value: "2", line: 2 }]);
    expect(problems).toEqual([{ line: 1, message: "A has a quote that is never closed" }]);
  });

  test("text after a closing quote is not guessed at", () => {
    expect(parseDotenv('A="x"y').problems).toEqual([
      { line: 1, message: "A has text after its closing quote" },
    ]);
  });

  test("the last of two values counts, and it is said", () => {
    expect(parseDotenv("A=1\nB=2\nA=3")).toEqual({
      entries: [
        { name: "A", value: "3", line: 1 },
        { name: "B", value: "2", line: 2 },
      ],
      problems: [{ line: 3, message: "A is set twice; the last value counts" }],
    });
  });

  test("any value survives a trip through double quotes", () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const plain = value.replaceAll("\r", "");
        const quoted = plain.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
        expect(values(`A="${quoted}"`)).toEqual({ A: plain });
      }),
    );
  });

  test("never throws, and every name is a usable one", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("A", "=", '"', "'", "\n", " ", "#", "\\", "export ") }),
        (text) => {
          for (const { name } of parseDotenv(text).entries) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_]*$/);
        },
      ),
    );
  });
});

test.each([
  ["FOO", false],
  ["FOO=bar", true],
  ["# comment\nexport FOO=bar", true],
  ["https://example.com/?a=b", false],
])("looksLikeDotenv(%j) is %s", (text, expected) => {
  expect(looksLikeDotenv(text)).toBe(expected);
});
