import { expect, it } from "vitest";
import { fileChanges } from "./file-changes.ts";

const diff = (path: string, new_text: string) => ({ path, old_text: "", new_text });

it("puts the changes of a file together, in the order of its first one, always the same reference", () => {
  const diffs = [diff("b", "1"), diff("a", "2"), diff("b", "3")];
  expect(fileChanges(diffs)).toEqual([
    { path: "b", changes: [diffs[0], diffs[2]] },
    { path: "a", changes: [diffs[1]] },
  ]);
  expect(fileChanges(diffs)).toBe(fileChanges(diffs));
  expect(fileChanges([])).toEqual([]);
});
