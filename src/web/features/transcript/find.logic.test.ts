import { expect, it } from "vitest";
import { occurrences, placeInRow, stepMatch } from "./find.logic.ts";

it.each([
  [-1, 3, 1, 0],
  [-1, 3, -1, 2],
  [2, 3, 1, 0],
  [0, 3, -1, 2],
  [0, 0, 1, -1],
] as const)("from %i of %i by %i is %i", (current, count, by, next) => {
  expect(stepMatch(current, count, by)).toBe(next);
});

it("counts the matches of a row", () => {
  const matches = ["a", "b", "b", "b", "a"].map((row_key) => ({
    row_key,
    field: "",
    start: 0,
    length: 1,
    excerpt: "",
  }));
  expect(matches.map((_, at) => placeInRow(matches, at))).toEqual([0, 0, 1, 2, 0]);
});

it.each([
  ["Aa aA", "aa", [0, 3]],
  ["aaa", "aa", [0]],
  ["text", "", []],
  ["İstanbul", "i", []],
])("%j has %j at %j", (text, query, places) => expect(occurrences(text, query)).toEqual(places));
