import { expect, it } from "vitest";
import { diffsOf } from "#src/backends/sandbox-agent-rest/map-tool.ts";
import type { Diff } from "#src/domain/request.ts";
import { patchText } from "./patch-text.ts";

const change = { path: "/a", old_text: "one\ntwo\n", new_text: "one\n2\nthree\n" };

it.each<[string, Diff, string]>([
  ["where it stands", { ...change, start_line: 7 }, "@@ -7,2 +7,3 @@\n one\n-two\n+2\n+three\n"],
  ["and nowhere when that is not known", change, "@@\n one\n-two\n+2\n+three\n"],
  ["a new file", { path: "/a", old_text: null, new_text: "x\n", start_line: 1 }, "@@ -0,0 +1,1 @@\n+x\n"],
  ["a deletion", { path: "/a", old_text: "x\n", new_text: "", start_line: 5 }, "@@ -5,1 +4,0 @@\n-x\n"],
])("a patch says %s, and is read as it was", (_, diff, text) => {
  expect(patchText(diff)).toBe(text);
  expect(diffsOf("/a", diff.old_text === null ? "write" : "patch", text)).toEqual([diff]);
});
