import { describe, expect, it } from "vitest";
import { emptyTool } from "#src/transcript/apply-tool.ts";
import type { ToolCall } from "#src/transcript/rows.ts";
import { opensByDefault, statusWords } from "./tool.logic.ts";

const tool = (change: Partial<ToolCall>): ToolCall => ({
  ...emptyTool("t", "tool"),
  status: "completed",
  ...change,
});
const diffs = [{ path: "a", old_text: null, new_text: "x" }];

describe("a tool card", () => {
  it.each<[Partial<ToolCall>, boolean]>([
    [{ kind: "execute", status: "in_progress" }, true],
    [{ kind: "execute", status: "failed" }, true],
    [{ kind: "execute" }, false],
    [{ kind: "edit", diffs }, true],
    [{ kind: "read", status: "failed" }, false],
  ])("%# opens by itself: %s", (change, open) => expect(opensByDefault(tool(change))).toBe(open));

  it.each<[Partial<ToolCall>, string | undefined]>([
    [{ status: "in_progress" }, undefined],
    [{ kind: "execute", exit_code: 0 }, "✓ exit 0"],
    [{ kind: "execute", exit_code: 3, status: "failed" }, "✗ exit 3"],
    [{ kind: "read", status: "failed" }, "✗ failed"],
    [{ kind: "read" }, undefined],
  ])("%# says %s", (change, words) => expect(statusWords(tool(change))?.words).toBe(words));
});
