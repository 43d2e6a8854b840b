import { expect, it } from "vitest";
import type { PendingRequest, Permission } from "#src/domain/request.ts";
import { requestWords } from "./request-words.logic.ts";

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
  [permission({ title: "Run the tests", tool_input: { script: 1 } }), "Bash: Run the tests"],
  [permission({ title: "Bash", tool_input: "odd" }), "Bash"],
  [{ ...base, kind: "question", title: "Setup", questions: [], answers: null }, "Setup"],
])("%#: %s", (request, words) => {
  expect(requestWords(request)).toBe(words);
});
