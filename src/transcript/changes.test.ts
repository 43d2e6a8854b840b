import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Diff } from "#src/domain/request.ts";
import { emptyTool } from "./apply-tool.ts";
import { changedFiles, withinBudget } from "./changes.ts";
import type { Row, ToolCall } from "./rows.ts";

function row(id: number, tool: Partial<ToolCall>): Row {
  const event = String(id);
  return {
    kind: "tool",
    key: `tool:${id}`,
    turn_id: null,
    first_event_id: event,
    last_event_id: event,
    at: "",
    tool: { ...emptyTool(event, "edit"), status: "completed", ...tool },
  };
}
const diff = (path: string, old_text: string | null, new_text: string): Diff => ({
  path,
  old_text,
  new_text,
});

describe("changedFiles", () => {
  it("joins changes of one file end to end", () => {
    const files = changedFiles([
      row(1, { diffs: [diff("a", null, "one\n")] }),
      row(2, { diffs: [diff("b", "x\n", "y\n")] }),
      row(3, { diffs: [diff("a", "one\n", "one\ntwo\n")] }),
    ]);
    expect(files).toMatchObject([
      {
        path: "a",
        diffs: [diff("a", null, "one\ntwo\n")],
        edits: 2,
        added: 2,
        removed: 0,
        row_key: "tool:3",
      },
      { path: "b", edits: 1, added: 1, removed: 1 },
    ]);
  });

  it("keeps parts that do not follow from each other", () => {
    const [file] = changedFiles([
      row(1, { diffs: [diff("a", "x", "y")] }),
      row(2, { diffs: [diff("a", "p", "q")] }),
    ]);
    expect(file?.diffs).toEqual([diff("a", "x", "y"), diff("a", "p", "q")]);
  });

  it("joins a part with the one it goes on from, wherever that stands", () => {
    const [file] = changedFiles([
      row(1, { diffs: [diff("a", "x", "y"), diff("a", "p", "q")] }),
      row(2, { diffs: [diff("a", "y", "z")] }),
    ]);
    expect(file).toMatchObject({ diffs: [diff("a", "x", "z"), diff("a", "p", "q")], added: 2, removed: 2 });
  });

  it("keeps a part's line until a later call may have moved it", () => {
    const first = { ...diff("a", "x", "y"), start_line: 4 };
    const second = { ...diff("a", "p", "q"), start_line: 90 };
    const later = { ...diff("a", "s", "t"), start_line: 2 };
    expect(changedFiles([row(1, { diffs: [first, second] })])[0]?.diffs).toEqual([first, second]);
    expect(changedFiles([row(1, { diffs: [first] }), row(2, { diffs: [second, later] })])[0]?.diffs).toEqual([
      diff("a", "x", "y"),
      second,
      later,
    ]);
  });

  it("leaves out what failed or was not allowed", () => {
    const waiting = { request: { request_id: "r" }, requested_at: "", response: null, responded_at: null };
    const permissions = [waiting] as unknown as ToolCall["permissions"];
    expect(changedFiles([row(1, { diffs: [diff("a", "x", "y")], status: "failed" })])).toEqual([]);
    expect(changedFiles([row(1, { diffs: [diff("a", "x", "y")], permissions })])).toEqual([]);
  });

  it("has the edits whose input alone says what they change", () => {
    const input = { file_path: "a", old_string: "x\n", new_string: "y\nz\n" };
    expect(changedFiles([row(1, { kind: "edit", input })])).toMatchObject([
      { path: "a", added: 2, removed: 1 },
    ]);
  });

  it("counts on when a file's changes are too long to be kept", () => {
    const long = (letter: string) => `${letter.repeat(200_000)}\n`;
    const edits = ["a", "b", "c", "d"].map((letter, at) =>
      row(at + 1, { diffs: [diff("a", long(letter), long(letter.toUpperCase()))] }),
    );
    expect(changedFiles(edits)).toEqual([
      { path: "a", diffs: null, edits: 4, row_key: "tool:4", added: 4, removed: 4 },
    ]);
  });

  it("is the same in parts as at once", () => {
    const text = fc.constantFrom("", "one\n", "one\ntwo\n", `${"x".repeat(250_000)}\n`);
    const edit = fc.record({ path: fc.constantFrom("a", "b"), old: fc.option(text), now: text });
    const property = fc.property(fc.array(edit), fc.nat(), (edits, cut) => {
      const rows = edits.map(({ path, old, now }, at) => row(at + 1, { diffs: [diff(path, old, now)] }));
      const at = cut % (rows.length + 1);
      const whole = changedFiles(rows);
      expect(changedFiles(rows.slice(at), changedFiles(rows.slice(0, at)))).toEqual(whole);
    });
    fc.assert(property, { numRuns: 60 });
  });
});

it("keeps the diffs of the files that were changed last, and all counts", () => {
  const files = changedFiles(
    ["a", "b", "c"].map((path, at) => row(at + 1, { diffs: [diff(path, null, "12345")] })),
  );
  const kept = withinBudget(files, 10);
  expect(kept.map(({ path, diffs, added }) => [path, diffs?.[0]?.new_text ?? null, added])).toEqual([
    ["a", null, 1],
    ["b", "12345", 1],
    ["c", "12345", 1],
  ]);
});
