import { expect, it } from "vitest";
import { codeIn } from "./code.ts";

it.each([
  ["#abc-123", "abc-123"],
  ["http://127.0.0.1:4270/sign-in#abc-123", "abc-123"],
  [" abc-123\n", "abc-123"],
  ["", null],
  ["#", null],
])("the code in %j is %j", (text, code) => {
  expect(codeIn(text)).toBe(code);
});
