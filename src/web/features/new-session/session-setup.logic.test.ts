import { expect, test } from "vitest";
import { configProblem, emptySetup, isSendable, setupBody } from "./session-setup.logic.ts";

test("what is blank is left out, what is not is sent as the API has it", () => {
  expect(setupBody(emptySetup)).toEqual({});
  const mcp = { docs: { command: "npx" } };
  expect(
    setupBody({ options: { model: "opus" }, directory: " /work ", mcp: JSON.stringify(mcp), skills: " " }),
  ).toEqual({ options: { model: "opus" }, directory: "/work", metadata: { mcp } });
});

test.each([
  ["", null],
  ["{}", null],
  ["[]", null],
  ['{"a":', "This is not JSON yet."],
  ["7", "It has to be an object."],
  ["null", "It has to be an object."],
])("of %j is said: %s", (text, problem) => {
  expect(configProblem(text)).toBe(problem);
  expect(isSendable({ ...emptySetup, skills: text })).toBe(problem === null);
});
