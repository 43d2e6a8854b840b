import { describe, expect, test } from "vitest";
import { diffsIn } from "./start-line.ts";
import type { WireToolCall } from "./wire.ts";

const patch = "--- a\n+++ a\n@@ -27,7 +27,7 @@\n 27\n 28\n 29\n-old\n+new\n 31\n";
const fresh = "--- a\n+++ a\n@@ -0,0 +1,1 @@\n+new\n";
const part = (oldText: string | null, newText: string, path = "/a") => ({
  type: "diff",
  path,
  oldText,
  newText,
});
const linesOf = (call: Partial<WireToolCall>) =>
  diffsIn({ toolCallId: "1", ...call }).map(({ start_line }) => start_line ?? null);

describe("where a changed part begins", () => {
  test.each<[string, Partial<WireToolCall>, number | null]>([
    ["a location's line", { locations: [{ path: "/a", line: 27 }] }, 27],
    ["another file's location is no help", { locations: [{ path: "/b", line: 3 }] }, null],
    ["a patch in the output, past its context", { rawOutput: { metadata: { filediff: { patch } } } }, 30],
    ["a patch in the input", { rawInput: { diff: patch } }, 30],
    ["a patch that makes the file", { rawInput: { diff: fresh } }, 1],
    [
      "a location without a line, then the patch",
      { locations: [{ path: "/a" }], rawInput: { diff: patch } },
      30,
    ],
    ["no patch in what looks like one", { rawInput: { diff: "nothing of the kind" } }, null],
    ["input of another shape", { rawInput: "text", rawOutput: [1] }, null],
    ["nothing", {}, null],
  ])("%s", (_, call, line) => {
    expect(linesOf({ content: [part("old", "new")], ...call })).toEqual([line]);
  });

  test("of several parts is told one by one, or not at all", () => {
    const content = [part("old", "new"), part("x", "y", "/b"), part("p", "q")];
    const locations = [
      { path: "/a", line: 3 },
      { path: "/a", line: 90 },
    ];
    expect(linesOf({ content, locations })).toEqual([3, null, 90]);
    expect(linesOf({ content, rawInput: { diff: patch } })).toEqual([null, null, null]);
  });

  test("is the first line of a text that takes the place of nothing", () => {
    expect(linesOf({ content: [part(null, "new")] })).toEqual([1]);
  });

  test("is before the change when it begins with unchanged lines, the first line when it is a whole file", () => {
    const rawInput = { diff: patch };
    expect(linesOf({ content: [part("29\nold\n31", "29\nnew\n31")], rawInput })).toEqual([29]);
    const file = (line: string) =>
      [...Array.from({ length: 29 }, (_, at) => String(at + 1)), line, "31"].join("\n");
    expect(linesOf({ content: [part(file("old"), file("new"))], rawInput })).toEqual([1]);
  });
});
