import { expect, test } from "vitest";
import { linesAfter } from "./lines-after.ts";

test.each([
  [[], ["a"], ["a"]],
  [["a", "b"], ["a", "b"], []],
  [["a", "b"], ["a", "b", "c"], ["c"]],
  [["x", "x"], ["x", "x", "x"], ["x"]],
  [["1", "2", "3", "4", "5"], ["3", "4", "5", "6"], ["6"]],
  [["1", "2", "3", "4", "5"], ["2", "3", "4", "5"], []],
  [
    ["a", "b"],
    ["y", "z"],
    ["y", "z"],
  ],
  [["a", "b"], [], []],
])("after %j comes of %j: %j", (before, after, fresh) => {
  expect(linesAfter(before, after)).toEqual(fresh);
});
