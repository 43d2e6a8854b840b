import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { arbitraryEnvelopes } from "#src/testing/arbitrary-events.ts";
import { eventLog, type Told } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { groupRows, type RowItem } from "./group.ts";
import { emptyTranscript } from "./page.ts";

type Start = Extract<Told, readonly ["tool_use_start", unknown]>[1];

const empty = emptyTranscript();
const call = (id: string, data: Partial<Start> = {}): Told => [
  "tool_use_start",
  { id, name: "Read", kind: "read", status: "completed", input: { path: id }, ...data },
];
const text: Told = ["text_delta", { text: "a" }];
const rowsOf = (...told: Told[]) => foldAll(empty, eventLog(...told)).rows;
const sketch = (items: readonly RowItem[]) =>
  items.map((item) => (item.kind === "group" ? `${item.sentence} (${item.rows.length})` : item.row.kind));

const cases: [name: string, told: Told[], items: string[]][] = [
  ["one call stands alone", [call("a"), text], ["tool", "text"]],
  ["two are a group", [text, call("a"), call("b")], ["text", "Read 2 files (2)"]],
  ["one file read twice is one file", [call("a"), call("b", { input: { path: "a" } })], ["Read 1 file (2)"]],
  [
    "kinds are told in the order in which they came",
    [
      call("a"),
      call("b", { kind: "execute" }),
      call("c", { kind: "search" }),
      call("d", { kind: "execute" }),
      call("e", { kind: "fetch" }),
      call("f", { kind: "think" }),
      call("g", { kind: "other" }),
    ],
    ["Read 1 file, ran 2 commands, searched once, fetched 1 page, thought once, used 1 other tool (7)"],
  ],
  [
    "text cuts a run",
    [call("a"), call("b"), text, call("c"), call("d")],
    ["Read 2 files (2)", "text", "Read 2 files (2)"],
  ],
  ["an edit is not small", [call("a"), call("b", { kind: "edit" }), call("c")], ["tool", "tool", "tool"]],
  ["nor is what runs", [call("a"), call("b", { status: "in_progress" })], ["tool", "tool"]],
  ["or failed", [call("a"), call("b", { status: "failed" })], ["tool", "tool"]],
  ["or ended with an exit code", [call("a"), call("b", { exit_code: 1 })], ["tool", "tool"]],
  [
    "or changed files",
    [call("a"), call("b", { diffs: [{ path: "x", old_text: null, new_text: "" }] })],
    ["tool", "tool"],
  ],
  [
    "or shows an image",
    [call("a"), call("b", { content: [{ type: "image", media_type: "x", data: "" }] })],
    ["tool", "tool"],
  ],
  [
    "calls of another parent are another run",
    [call("a"), call("b"), call("c", { parent_id: "a" }), call("d", { parent_id: "a" })],
    ["Read 2 files (2)", "Read 2 files (2)"],
  ],
  [
    "a call that waits for a permission is not small",
    [
      call("a"),
      call("b"),
      [
        "permission_request",
        { request_id: "r", tool_use_id: "b", tool_name: "x", tool_input: 1, options: [] },
      ],
    ],
    ["tool", "tool"],
  ],
  [
    "one that was allowed is",
    [
      call("a"),
      call("b"),
      [
        "permission_request",
        { request_id: "r", tool_use_id: "b", tool_name: "x", tool_input: 1, options: [] },
      ],
      ["permission_response", { request_id: "r", tool_name: "x", approved: true, reply: "once" }],
    ],
    ["Read 2 files (2)"],
  ],
];

test.each(cases)("%s", (_, told, items) => {
  expect(sketch(groupRows(rowsOf(...told)))).toEqual(items);
});

describe("with the items of before", () => {
  const log = eventLog(call("a"), call("b"), text, call("c"), text, call("d"), call("e"), call("f"));
  const state = foldAll(empty, log.slice(0, 7));
  const before = groupRows(state.rows);

  it("the same rows give the same array", () => {
    expect(groupRows([...state.rows], before)).toBe(before);
  });

  it("unchanged items keep their reference, and a run its key while it grows", () => {
    expect(sketch(before)).toEqual(["Read 2 files (2)", "text", "tool", "text", "Read 2 files (2)"]);
    const after = groupRows(foldAll(state, log).rows, before);
    expect(after.map((item, index) => item === before[index])).toEqual([true, true, true, true, false]);
    expect(after.at(-1)?.key).toBe(before.at(-1)?.key);
    expect(after.at(-1)).toMatchObject({ sentence: "Read 3 files" });
  });

  it("items below one that changed keep theirs too", () => {
    const rows = state.rows.map((row, index) => (index === 3 ? { ...row } : row));
    const after = groupRows(rows, before);
    expect(after.map((item, index) => item === before[index])).toEqual([true, true, false, true, true]);
  });

  it("any history of batches groups as the whole does", () => {
    const run = fc.property(
      arbitraryEnvelopes(),
      fc.array(fc.integer({ min: 1, max: 9 })),
      (events, sizes) => {
        let state = empty;
        let items: readonly RowItem[] = [];
        let start = 0;
        for (const size of [...sizes, events.length]) {
          state = foldAll(state, events.slice(start, start + size));
          start += size;
          items = groupRows(state.rows, items);
        }
        expect(items).toEqual(groupRows(state.rows));
        expect(new Set(items.map((item) => item.key)).size).toBe(items.length);
      },
    );
    fc.assert(run);
  });

  it("older rows in front group as the whole does, and all behind the first item stays", () => {
    const tell = (word: string, index: number): Told => {
      if (word === "text") return ["text_complete", { text: `${index}` }];
      return call(`call-${index}`, {
        ...(word === "edit" && { kind: "edit" }),
        ...(word === "child" && { parent_id: "call" }),
      });
    };
    const words = fc.array(fc.constantFrom("read", "read", "text", "edit", "child"), { maxLength: 30 });
    const run = fc.property(words, fc.nat(30), fc.nat(30), (told, first, second) => {
      const rows = rowsOf(...told.map(tell));
      const newest = groupRows(rows.slice(Math.min(first, rows.length)));
      const items = groupRows(rows, newest);
      expect(items).toEqual(groupRows(rows));
      const behind = newest.slice(1);
      expect(items.slice(items.length - behind.length)).toSatisfy((end: RowItem[]) =>
        end.every((item, at) => item === behind[at]),
      );
      // A row that becomes another in the same moment may join the run behind it.
      const [small] = rowsOf(call("small"));
      const changed = rows.map((row, index) =>
        small && index === second ? { ...small, key: row.key } : row,
      );
      expect(groupRows(changed, newest)).toEqual(groupRows(changed));
    });
    fc.assert(run);
  });
});
