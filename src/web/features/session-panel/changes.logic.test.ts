import { describe, expect, it } from "vitest";
import type { Diff } from "#src/domain/request.ts";
import { emptyTool } from "#src/transcript/apply-tool.ts";
import type { Row, ToolCall } from "#src/transcript/rows.ts";
import { changedFiles } from "./changes.logic.ts";

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
      { path: "a", diff: diff("a", null, "one\ntwo\n"), edits: 2, added: 2, removed: 0, row_key: "tool:3" },
      { path: "b", edits: 1, added: 1, removed: 1 },
    ]);
  });

  it("keeps parts that do not follow from each other", () => {
    const [file] = changedFiles([
      row(1, { diffs: [diff("a", "x", "y")] }),
      row(2, { diffs: [diff("a", "p", "q")] }),
    ]);
    expect(file?.diff).toEqual(diff("a", "x\np", "y\nq"));
  });

  it("leaves out what failed or was not allowed", () => {
    const waiting = { request: { request_id: "r" }, requested_at: "", response: null, responded_at: null };
    const permissions = [waiting] as unknown as ToolCall["permissions"];
    expect(changedFiles([row(1, { diffs: [diff("a", "x", "y")], status: "failed" })])).toEqual([]);
    expect(changedFiles([row(1, { diffs: [diff("a", "x", "y")], permissions })])).toEqual([]);
  });
});
