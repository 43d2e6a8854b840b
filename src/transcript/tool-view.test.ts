import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { arbitraryEnvelopes } from "#src/testing/arbitrary-events.ts";
import { eventLog } from "#src/testing/event-log.ts";
import { emptyTool } from "./apply-tool.ts";
import { foldAll } from "./fold.ts";
import { emptyTranscript } from "./page.ts";
import type { ToolCall } from "./rows.ts";
import { describeTool, type ToolDescription, toolDuration } from "./tool-view.ts";

/** Inputs and results as the agents sent them, from recorded sessions. */
const cases: [name: string, tool: Partial<ToolCall>, expected: Partial<ToolDescription>][] = [
  [
    "Claude, Bash",
    {
      kind: "execute",
      name: "Bash",
      title: "echo hi > a && cat a",
      input: { command: "echo hi > a && cat a", description: "Write and read a file" },
    },
    {
      verb: "Run",
      subject: "echo hi > a && cat a",
      command: "echo hi > a && cat a",
      detail: "Write and read a file",
      file_path: null,
    },
  ],
  [
    "Codex, a shell's argument list",
    {
      kind: "execute",
      name: "shell",
      input: { command: ["/bin/bash", "-lc", "echo hi\nls"], cwd: "/w" },
      raw_output: { exit_code: 2, stdout: "" },
    },
    { subject: "echo hi …", command: "echo hi\nls", exit_code: 2 },
  ],
  [
    "Codex, another argument list",
    { kind: "execute", input: { command: ["git", "commit", "-m", "it's"] } },
    { command: "git commit -m 'it'\\''s'" },
  ],
  [
    "OpenCode, bash",
    {
      kind: "execute",
      name: "bash",
      title: "ls",
      input: { cmd: "ls", command: "ls", cwd: "/workspace" },
      locations: [{ path: "/workspace", line: null }],
      raw_output: { metadata: { exit: 0 }, output: "a" },
    },
    { subject: "ls", file_path: null, exit_code: 0 },
  ],
  [
    "a command that has not come yet",
    { kind: "execute", name: "Bash", title: "Terminal", input: {} },
    { verb: "Run", subject: "Terminal", command: null },
  ],
  [
    "Claude, Read",
    {
      kind: "read",
      name: "Read",
      title: "Read a.txt",
      input: { file_path: "/w/a.txt", offset: 10, limit: 5 },
    },
    { verb: "Read", subject: "/w/a.txt", file_path: "/w/a.txt", range: { start: 10, end: 14 } },
  ],
  [
    "OpenCode, read",
    { kind: "read", name: "read", input: { filePath: "/w/a.txt" } },
    { subject: "/w/a.txt", range: null },
  ],
  [
    "a read without an input",
    { kind: "read", name: "Read", title: "Read readme.md" },
    { verb: "Read", subject: "readme.md" },
  ],
  [
    "a read with a title that says nothing",
    { kind: "read", name: "read", title: "read" },
    { verb: "Read", subject: "" },
  ],
  [
    "a place instead of an input",
    { kind: "read", locations: [{ path: "/b", line: 3 }] },
    { subject: "/b", file_path: "/b" },
  ],
  [
    "the mock, ls",
    { kind: "read", name: "ls", title: "List src", input: { path: "src" } },
    { verb: "List", subject: "src" },
  ],
  [
    "a listing that only its title tells",
    { kind: "read", name: "read", title: "List .", input: { path: "." } },
    { verb: "List", subject: "." },
  ],
  [
    "Claude, Edit",
    {
      kind: "edit",
      name: "Edit",
      input: { file_path: "/w/a", old_string: "one", new_string: "ONE" },
      diffs: [{ path: "/w/a", old_text: "one\ntwo\n", new_text: "ONE\ntwo\nthree\n" }],
    },
    { verb: "Edit", subject: "/w/a", added: 2, removed: 1 },
  ],
  [
    "an edit whose diff has not come yet",
    { kind: "edit", name: "edit", input: { filePath: "/w/a", oldString: "a", newString: "b\nc" } },
    { added: 2, removed: 1 },
  ],
  [
    "OpenCode, write",
    { kind: "edit", name: "write", input: { content: "1\n2\n", filePath: "/w/n" } },
    { verb: "Write", subject: "/w/n", added: 2, removed: 0 },
  ],
  [
    "Codex, a patch",
    { kind: "edit", name: "apply_patch", input: { changes: { "/w/p.ts": { type: "update" } } } },
    { verb: "Edit", subject: "/w/p.ts", added: null },
  ],
  ["a deletion", { kind: "delete", input: { path: "/w/a" } }, { verb: "Delete", subject: "/w/a" }],
  ["a move", { kind: "move", input: { from: "a", to: "b" } }, { verb: "Move", subject: "a", detail: "to b" }],
  [
    "Claude, Grep",
    {
      kind: "search",
      name: "Grep",
      input: { pattern: "TODO", path: "src", glob: "*.ts" },
      raw_output: { numFiles: 3 },
    },
    { verb: "Search for", subject: "TODO", detail: "in src, *.ts", match_count: 3 },
  ],
  [
    "OpenCode, glob",
    { kind: "search", name: "glob", input: { pattern: "**/*.ts" }, raw_output: { metadata: { count: 12 } } },
    { verb: "Find", subject: "**/*.ts", match_count: 12 },
  ],
  [
    "a search that says what it found",
    { kind: "search", input: { pattern: "x" }, output: "Found 7 files\na" },
    { match_count: 7 },
  ],
  [
    "or that it found nothing",
    { kind: "search", input: { pattern: "x" }, output: "No files found" },
    { match_count: 0 },
  ],
  [
    "or neither",
    { kind: "search", title: "Search for TODO", output: "a\nb" },
    { verb: "Search", subject: "for TODO", match_count: null },
  ],
  [
    "a fetch",
    { kind: "fetch", name: "WebFetch", input: { url: "https://x.dev", prompt: "sum up" } },
    { verb: "Fetch", subject: "https://x.dev", detail: "sum up" },
  ],
  [
    "a web search",
    { kind: "fetch", name: "WebSearch", input: { query: "zod 4" } },
    { verb: "Search the web for", subject: "zod 4" },
  ],
  [
    "a thought",
    { kind: "think", name: "think", title: "Plan the fix" },
    { verb: "Think", subject: "Plan the fix" },
  ],
  ["a mode", { kind: "switch_mode", input: { mode: "plan" } }, { verb: "Switch to", subject: "plan" }],
  [
    "a sub-agent",
    {
      kind: "subagent",
      name: "Task",
      input: { description: "Explore", subagent_type: "scout", prompt: "…" },
    },
    { verb: "Sub-agent", subject: "Explore", detail: "scout" },
  ],
  [
    "OpenCode, todowrite",
    { kind: "other", name: "todowrite", title: "2 todos" },
    { verb: "Todowrite", subject: "2 todos" },
  ],
  [
    "an MCP tool",
    { kind: "other", name: "mcp__github__create_issue", title: "mcp__github__create_issue" },
    { verb: "Use", subject: "create_issue", detail: "github" },
  ],
  ["an unknown tool", { kind: "other", name: "thing", title: "thing" }, { verb: "Use", subject: "thing" }],
  ["input that is JSON text", { kind: "read", input: '{"path":"/j"}' }, { subject: "/j" }],
  ["input that is only text", { kind: "execute", title: "make", input: "{nope" }, { subject: "make" }],
];

test.each(cases)("%s", (_, tool, expected) => {
  expect(describeTool({ ...emptyTool("c", "tool"), ...tool })).toMatchObject(expected);
});

describe("describeTool", () => {
  it("takes whatever agents may send", () => {
    const run = fc.property(
      arbitraryEnvelopes(),
      fc.anything(),
      fc.anything(),
      (events, input, raw_output) => {
        for (const row of foldAll(emptyTranscript(), events).rows) {
          if (row.kind !== "tool") continue;
          describeTool(row.tool);
          describeTool({ ...row.tool, input, raw_output });
        }
      },
    );
    fc.assert(run);
  });
});

test("a call's duration is from its row's time to its end", () => {
  const log = eventLog(
    ["tool_use_start", { id: "c", name: "x" }],
    ["text_delta", { text: "a" }],
    ["tool_update", { id: "c", status: "completed" }],
  );
  const durations = [1, 3].map((count) => {
    const [row] = foldAll(emptyTranscript(), log.slice(0, count)).rows;
    return row?.kind === "tool" ? toolDuration(row) : undefined;
  });
  expect(durations).toEqual([null, 2000]);
});
