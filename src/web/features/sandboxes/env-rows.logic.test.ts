import { describe, expect, test } from "vitest";
import { envNameFor, envNameProblem, envRecord, pasteEnv } from "./env-rows.logic.ts";

describe("pasteEnv", () => {
  test("fills the blank row it was pasted into and goes on from there", () => {
    const rows = [
      { name: "A", value: "1" },
      { name: "", value: "" },
      { name: "Z", value: "9" },
    ];
    expect(pasteEnv(rows, 1, "B=2\nC=3").rows).toEqual([
      { name: "A", value: "1" },
      { name: "B", value: "2" },
      { name: "C", value: "3" },
      { name: "Z", value: "9" },
    ]);
  });

  test("a name that is there takes the new value and stays in its place", () => {
    const rows = [
      { name: "A", value: "1" },
      { name: "", value: "" },
    ];
    expect(pasteEnv(rows, 1, "B=2\nA=3").rows).toEqual([
      { name: "A", value: "3" },
      { name: "B", value: "2" },
    ]);
  });

  test("says which lines it could not read", () => {
    expect(pasteEnv([], 0, "A=1\nnonsense").problems).toEqual([
      { line: 2, message: "not of the form NAME=value" },
    ]);
  });
});

test.each([
  [0, null],
  [1, "A is set twice"],
  [2, "Letters, digits and _ only, not a digit first"],
  [3, "Give it a name"],
  [4, null],
  [9, null],
])("the problem of row %i", (at, problem) => {
  const rows = [
    { name: "A", value: "1" },
    { name: "A", value: "2" },
    { name: "2B", value: "" },
    { name: "", value: "x" },
    { name: "", value: "" },
  ];
  expect(envNameProblem(rows, at)).toBe(problem);
});

test("blank names are not sent", () => {
  expect(
    envRecord([
      { name: "A", value: "" },
      { name: "", value: "x" },
    ]),
  ).toEqual({ A: "" });
});

test.each([
  ["github token", "GITHUB_TOKEN"],
  ["NPM_TOKEN", "NPM_TOKEN"],
  ["1password", "_1PASSWORD"],
  ["  a--b ", "A_B"],
])("envNameFor(%j) is %s", (secret, name) => {
  expect(envNameFor(secret)).toBe(name);
});
