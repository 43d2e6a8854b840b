import { expect, it } from "vitest";
import { compareIds } from "./ids.ts";

it.each([
  ["9", "10", -1],
  ["10", "9", 1],
  ["123", "123", 0],
  ["0", "1", -1],
  ["9007199254740993", "9007199254740992", 1],
])("compareIds(%s, %s) has the sign %i", (one, other, sign) => {
  expect(Math.sign(compareIds(one, other))).toBe(sign);
});
