import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryEnvelopes } from "#src/testing/arbitrary-events.ts";
import { eventLog, type Told, timeOf } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { rowMarkdown, transcriptMarkdown, turnMarkdown } from "./markdown.ts";
import { emptyTranscript } from "./page.ts";

const rowsOf = (...told: Told[]) => foldAll(emptyTranscript(), eventLog(...told)).rows;
const prompt = (id: string, text: string): Told => [
  "user_message",
  { message_id: id, content: [{ type: "text", text }], turn_id: id, author: "ana" },
];
const request = {
  request_id: "r",
  tool_use_id: "c",
  tool_name: "Bash",
  title: "rm -rf dist",
  tool_input: {},
  options: [],
};

const conversation = rowsOf(
  prompt("t", "Clean up"),
  ["turn_started", { turn_id: "t", message_id: "t" }],
  ["thinking_delta", { text: "one\ntwo" }],
  ["text_delta", { text: "I will." }],
  ["tool_use_start", { id: "c", name: "Bash", kind: "execute", input: { command: "rm -rf dist" } }],
  ["permission_request", request],
  [
    "permission_response",
    {
      request_id: "r",
      tool_name: "Bash",
      approved: true,
      reply: "once",
      message: "go on",
      by: { name: "ben" },
    },
  ],
  ["tool_update", { id: "c", output: "a ``` b\n", status: "failed", exit_code: 1 }],
  [
    "session_failed",
    { session_id: "s", turn_id: "t", error: "The agent ended", code: "agent_exited", stderr: "boom" },
  ],
  prompt("u", "Again"),
);

test("a transcript says what was said, done, allowed and by whom, and what failed", () => {
  expect(transcriptMarkdown(conversation, { title: "Clean" })).toBe(`# Clean

## ana (${timeOf(1)})

Clean up

> *Thinking*
> 
> one
> two

I will.

**Run** \`rm -rf dist\` (failed, exit 1, 3.0 s)

> **Permission** \`rm -rf dist\`, asked ${timeOf(6)}: allowed by ben, ${timeOf(7)}
> go on

\`\`\`sh
rm -rf dist
\`\`\`

\`\`\`\`
a \`\`\` b
\`\`\`\`

> **Failed** \`agent_exited\`: The agent ended

\`\`\`
boom
\`\`\`

## ana (${timeOf(10)})

Again
`);
});

test("a turn ends where the next prompt begins", () => {
  expect(turnMarkdown(conversation, "user:10")).toBe(`## ana (${timeOf(10)})\n\nAgain\n`);
  expect(turnMarkdown(conversation, "user:1")).toMatch(/^## ana[^]*boom\n```\n$/);
  expect(turnMarkdown(conversation, "user:99")).toBe("");
});

const answer = (data: object): Told => [
  "permission_response",
  { request_id: "r", tool_name: "Bash", approved: false, reply: null, ...data },
];
const alone: Told = ["permission_request", { ...request, tool_use_id: null, tool_input: { command: "ls" } }];
const edit: Told = [
  "tool_use_start",
  {
    id: "e",
    name: "Edit",
    kind: "edit",
    input: {},
    diffs: [
      { path: "a.ts", old_text: "1\n2\n3\n", new_text: "1\nb\nc\n3\n", start_line: 6 },
      { path: "b.ts", old_text: "1\n", new_text: "2\n" },
    ],
  },
];

const cases: [name: string, told: Told[], expected: string | RegExp][] = [
  [
    "a permission that waits, with what it is about",
    [alone],
    /: pending\n\n```json\n\{\n {2}"command": "ls"\n\}\n```$/,
  ],
  ["one that expired", [alone, answer({ state: "expired" })], /: expired, 2026-/],
  [
    "one that a rule allowed",
    [alone, answer({ approved: true, state: "auto_resolved" })],
    /: allowed by a rule, 2026-/,
  ],
  [
    "one that was refused with an option",
    [alone, answer({ option_name: "No, never" })],
    /: refused \(No, never\), 2026-/,
  ],
  [
    "one that was allowed for good",
    [alone, answer({ approved: true, reply: "always" })],
    /: allowed \(always\), 2026-/,
  ],
  [
    "diffs, with their lines where they are known",
    [edit],
    "**Edit** `a.ts` (pending)\n\n```diff\n--- a.ts\n+++ a.ts\n@@ -7,1 +7,2 @@\n-2\n+b\n+c\n```\n\n```diff\n--- b.ts\n+++ b.ts\n@@\n-1\n+2\n```",
  ],
  [
    "a question",
    [
      [
        "user_input_request",
        { request_id: "q", questions: [{ id: "1", question: "Which?", kind: "single", options: [] }] },
      ],
      [
        "user_input_response",
        { request_id: "q", answers: [["Red"]], state: "answered", by: { name: "ana" } },
      ],
    ],
    `> **Question**, asked ${timeOf(1)}: answered by ana, ${timeOf(2)}\n> - Which? **Red**`,
  ],
  [
    "an image",
    [["message_content", { content: [{ type: "image", media_type: "image/png", data: "A" }] }]],
    "[image, image/png]",
  ],
  ["a log", [["log_line", { line: "x", stream: "out" }]], "```log\nx\n```"],
  ["an error", [["error", { message: "bad", code: "c" }]], "> **Error** `c`: bad"],
  ["a notice", [["session_updated", { change: "Now opus" }]], "*Now opus*"],
  [
    "what was not understood",
    [["unparsed", { error: "no", raw: [1] }]],
    "> **Not understood**: no\n\n```json\n[\n  1\n]\n```",
  ],
  [
    "a turn that was stopped",
    [["session_completed", { session_id: "s", turn_id: "t", stop_reason: "cancelled", duration_ms: 1500 }]],
    "*Ended after 1.5 s: cancelled*",
  ],
];

test.each(cases)("%s", (_, told, expected) => {
  const rows = rowsOf(...told);
  expect(rows).toHaveLength(1);
  const markdown = rowMarkdown(rows[0]!);
  if (typeof expected === "string") expect(markdown).toBe(expected);
  else expect(markdown).toMatch(expected);
});

test("a turn that ended as it should leaves no trace", () => {
  const [row] = rowsOf(["session_completed", { session_id: "s", turn_id: "t", stop_reason: "end_turn" }]);
  expect(rowMarkdown(row!)).toBe("");
});

test("any transcript can be copied", () => {
  fc.assert(
    fc.property(arbitraryEnvelopes(), (events) => {
      expect(transcriptMarkdown(foldAll(emptyTranscript(), events).rows)).toMatch(/\n$/);
    }),
  );
});
