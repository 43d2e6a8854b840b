import { describe, expect, it, test } from "vitest";
import { eventLog, type Told } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { emptyTranscript } from "./page.ts";
import { searchFields, searchRows } from "./search.ts";

const rowsOf = (...told: Told[]) => foldAll(emptyTranscript(), eventLog(...told)).rows;

const rows = rowsOf(
  ["user_message", { message_id: "m", content: [{ type: "text", text: "find the Needle" }], turn_id: "t" }],
  ["thinking_delta", { text: "a needle?" }],
  ["text_delta", { text: "NEEDLE needle" }],
  [
    "tool_use_start",
    { id: "c", name: "Grep", title: "needle", input: { pattern: "needle" }, output: "x: needle" },
  ],
  ["permission_request", { request_id: "r", tool_name: "needle", tool_input: "needle", options: [] }],
  [
    "user_input_request",
    { request_id: "q", questions: [{ id: "1", question: "Needle?", kind: "text", options: [] }] },
  ],
  ["user_input_response", { request_id: "q", answers: [["needle"]], state: "answered" }],
  ["error", { message: "needle lost" }],
  ["log_line", { line: "hay", stream: "out" }],
  ["log_line", { line: "needle", stream: "out" }],
  ["unparsed", { error: "needle", raw: null }],
  ["session_updated", { change: "needle" }],
  ["session_failed", { session_id: "s", turn_id: "t", error: "needle", stderr: "needle" }],
);

test("find looks through everything that a row shows", () => {
  const { matches, total } = searchRows(rows, "needle");
  expect(matches.map(({ row_key, field }) => `${row_key} ${field}`)).toEqual([
    "user:1 content",
    "thinking:2 text",
    "text:3 text",
    "text:3 text",
    "tool:4 title",
    "tool:4 input",
    "tool:4 output",
    "permission:5 title",
    "permission:5 input",
    "question:6 question",
    "question:6 answer",
    "error:8 message",
    "log:9 lines",
    "unparsed:11 error",
    "notice:12 text",
    "turn_end:13 error",
    "turn_end:13 stderr",
  ]);
  expect(total).toBe(matches.length);
});

test("a match says where it is in its field", () => {
  for (const match of searchRows(rows, "nEEdle").matches) {
    const row = rows.find(({ key }) => key === match.row_key);
    const text = searchFields(row!).find(({ field }) => field === match.field)?.text ?? "";
    expect(text.slice(match.start, match.start + match.length).toLowerCase()).toBe("needle");
  }
});

describe("find", () => {
  const say = (text: string) => rowsOf(["text_delta", { text }]);

  it("finds nothing for nothing", () => {
    expect(searchRows(rows, "")).toEqual({ matches: [], total: 0 });
    expect(searchRows(rows, "absent")).toEqual({ matches: [], total: 0 });
  });

  it("takes signs as they are", () => {
    for (const query of ["a.b", "(", "[x]", "\\d", "a|b", "^$", "*", "a-b", "{2}", "/"]) {
      expect(searchRows(say(`aXb ${query} dd`), query)).toMatchObject({ total: 1, matches: [{ start: 4 }] });
    }
  });

  it("keeps its place behind letters whose lower case is longer", () => {
    expect(searchRows(say("İİİ needle"), "NEEDLE").matches[0]).toMatchObject({ start: 4, length: 6 });
  });

  it("keeps the first matches and counts them all", () => {
    const { matches, total } = searchRows(say("x ".repeat(50)), "x", { limit: 3 });
    expect([matches.length, total, matches[2]?.start]).toEqual([3, 50, 4]);
  });

  it("shows a match with what stands around it, on one line", () => {
    const excerpt = (text: string) => searchRows(say(text), "needle").matches[0]?.excerpt;
    expect(excerpt("a\n\n  needle\tb")).toBe("a needle b");
    expect(excerpt(`${"a".repeat(50)}needle${"b".repeat(50)}`)).toBe(
      `…${"a".repeat(40)}needle${"b".repeat(40)}…`,
    );
  });
});
