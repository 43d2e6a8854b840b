import { expect, test } from "vitest";
import { startLineOf } from "./start-line.ts";

const patch = "--- a\n+++ a\n@@ -27,7 +27,7 @@\n 27\n 28\n 29\n-old\n+new\n 31\n";

test.each([
  ["a location's line", { locations: [{ path: "/a", line: 27 }] }, 0, 27],
  [
    "the location of the second part",
    {
      locations: [
        { path: "/a", line: 3 },
        { path: "/a", line: 90 },
      ],
    },
    1,
    90,
  ],
  ["another file's location is no help", { locations: [{ path: "/b", line: 3 }] }, 0, null],
  ["a patch in the output, past its context", { rawOutput: { metadata: { filediff: { patch } } } }, 0, 30],
  ["a patch in the input", { rawInput: { diff: patch } }, 0, 30],
  [
    "a location without a line, then the patch",
    { locations: [{ path: "/a" }], rawInput: { diff: patch } },
    0,
    30,
  ],
  ["no patch in what looks like one", { rawInput: { diff: "nothing of the kind" } }, 0, null],
  ["input of another shape", { rawInput: "text", rawOutput: [1] }, 0, null],
  ["nothing", {}, 0, null],
])("%s", (_, call, nth, line) => {
  const part = { path: "/a", old_text: "old", new_text: "new" };
  expect(startLineOf({ toolCallId: "1", ...call }, part, nth)).toBe(line);
});

test("a part that begins with unchanged lines begins before the change; a whole file at its first line", () => {
  const call = { toolCallId: "1", rawInput: { diff: patch } };
  expect(startLineOf(call, { path: "/a", old_text: "29\nold\n31", new_text: "29\nnew\n31" }, 0)).toBe(29);
  const file = (line: string) =>
    [...Array.from({ length: 29 }, (_, at) => String(at + 1)), line, "31"].join("\n");
  expect(startLineOf(call, { path: "/a", old_text: file("old"), new_text: file("new") }, 0)).toBe(1);
});
