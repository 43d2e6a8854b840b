import { expect, it } from "vitest";
import type { PendingRequest, Permission } from "#src/domain/request.ts";
import { outcomeOf, requestWords } from "./request-words.ts";

const base = {
  id: "r1",
  session_id: "s",
  sandbox_id: "b",
  backend_id: "local",
  agent: "mock",
  turn_id: null,
  state: "pending",
  created_at: "2026-03-12T10:00:00Z",
  expires_at: null,
  resolved_at: null,
  resolved_by: null,
  tool_use_id: null,
} as const;

const permission = (fields: Partial<Permission>): PendingRequest => ({
  ...base,
  kind: "permission",
  tool_name: "Bash",
  title: "",
  tool_input: null,
  risk_level: null,
  directory: null,
  diffs: [],
  options: [],
  message_supported: false,
  reply: null,
  option_name: null,
  message: null,
  ...fields,
});

it.each<[PendingRequest, string]>([
  [permission({ tool_input: { command: "rm -rf dist" } }), "Bash: rm -rf dist"],
  [permission({ tool_input: { command: ["ls", "-l"] } }), "Bash: ls -l"],
  [permission({ tool_name: "Edit", diffs: [{ path: "a.ts", old_text: "", new_text: "b" }] }), "Edit: a.ts"],
  [
    permission({
      tool_name: "text_editor",
      tool_input: { command: "str_replace", path: "a.ts", old_str: "a", new_str: "b" },
    }),
    "text_editor: a.ts",
  ],
  [
    permission({ directory: "/w", tool_input: { file_path: "/w/src/a.ts" }, tool_name: "Read" }),
    "Read: src/a.ts",
  ],
  [
    permission({ directory: "/w", tool_input: { file_path: "/web/a.ts" }, tool_name: "Read" }),
    "Read: /web/a.ts",
  ],
  [permission({ title: "Run the tests", tool_input: { script: 1 } }), "Bash: Run the tests"],
  [permission({ title: "Bash", tool_input: "odd" }), "Bash"],
  [{ ...base, kind: "question", title: "Setup", questions: [], answers: null }, "Setup"],
])("%#: %s", (request, words) => {
  expect(requestWords(request)).toBe(words);
});

it.each<[Partial<PendingRequest>, string | undefined, boolean | undefined]>([
  [{ state: "pending" }, undefined, undefined],
  [{ state: "answered", reply: "once" }, "Allowed once", false],
  [{ state: "answered", reply: "always" }, "Always allowed", false],
  [{ state: "answered", reply: "reject" }, "Rejected", true],
  [{ state: "answered", reply: null }, "Answered", false],
  [{ state: "expired" }, "Expired without an answer", true],
  [{ state: "auto_resolved" }, "Resolved by the agent", false],
  [{ kind: "question", state: "answered" }, "Answered", false],
  [{ kind: "question", state: "rejected" }, "Declined", true],
])("what became of %j: %s", (fields, words, refused) => {
  // Every case is a whole request of its kind with what it differs in.
  const outcome = outcomeOf({ ...permission({}), ...fields } as PendingRequest);
  expect([outcome?.words, outcome?.refused]).toEqual([words, refused]);
});
