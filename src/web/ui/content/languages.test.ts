import { expect, it } from "vitest";
import { languageName, languageOfPath } from "./languages.ts";

it.each([
  ["ts", "typescript"],
  ["TSX", "tsx"],
  ["js", "tsx"],
  ["c++", "c"],
  [" sh ", "bash"],
  ["text", null],
  ["", null],
  ["constructor", null],
])("%j is %j", (word, name) => expect(languageName(word)).toBe(name));

it.each([
  ["src/a.test.ts", "typescript"],
  ["Dockerfile", "docker"],
  ["a/b/Makefile", "make"],
  ["LICENSE", ""],
])("%s is written in %j", (path, name) => expect(languageOfPath(path)).toBe(name));
