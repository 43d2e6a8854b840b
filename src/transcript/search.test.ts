import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { eventLog, type Told } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { emptyTranscript } from "./page.ts";
import type { Row } from "./rows.ts";
import { matchesIn, searchFields, searchRows } from "./search.ts";

const rowsOf = (...told: Told[]) => foldAll(emptyTranscript(), eventLog(...told)).rows;

const rows = rowsOf(
  ["user_message", { message_id: "m", content: [{ type: "text", text: "find the Needle" }], turn_id: "t" }],
  ["thinking_delta", { text: "a needle?" }],
  ["text_delta", { text: "NEEDLE needle" }],
  [
    "tool_use_start",
    { id: "c", name: "Grep", title: "A needle", input: { pattern: "needle" }, output: "x: needle" },
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
  const places = rows.flatMap((row) => matchesIn(row, "needle").map(({ field }) => `${row.key} ${field}`));
  expect(places).toEqual([
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
});

test("a match says where it is in its field", () => {
  for (const row of rows) {
    for (const match of matchesIn(row, "nEEdle")) {
      const text = searchFields(row).find(({ field }) => field === match.field)?.text ?? "";
      expect(text.slice(match.start, match.start + match.length).toLowerCase()).toBe("needle");
    }
  }
});

describe("find", () => {
  const say = (text: string) => rowsOf(["text_delta", { text }]);
  const places = (text: string, query: string) => say(text).flatMap((row) => matchesIn(row, query));

  it("finds nothing for nothing", () => {
    for (const query of ["", "absent"]) {
      expect(searchRows(rows, query)).toEqual([]);
      expect(rows.flatMap((row) => matchesIn(row, query))).toEqual([]);
    }
  });

  it("counts what a tool's title repeats of its input once", () => {
    const call = { id: "c", name: "Bash", title: "npm test", input: { command: "npm test -- login" } };
    expect(rowsOf(["tool_use_start", call]).flatMap((row) => matchesIn(row, "npm"))).toHaveLength(1);
  });

  it("takes signs as they are", () => {
    for (const query of ["a.b", "(", "[x]", "\\d", "a|b", "^$", "*", "a-b", "{2}", "/"]) {
      expect(places(`aXb ${query} dd`, query)).toMatchObject([{ start: 4, length: query.length }]);
    }
  });

  it("keeps its place behind letters whose lower case is longer", () => {
    expect(places("İİİ needle", "NEEDLE")).toMatchObject([{ start: 4, length: 6 }]);
  });

  it("counts in each row what it finds there, also in parts", () => {
    const words = fc.array(fc.constantFrom("needle", "Need", "le", " ", "a.b", "İ"), { maxLength: 6 });
    const property = fc.property(
      fc.array(words),
      fc.constantFrom("needle", "E", "a.b", " ", "lene"),
      fc.integer({ min: 1, max: 5 }),
      (texts, query, size) => {
        const all = texts.flatMap((text) => say(text.join("")));
        const parts: Row[][] = [];
        for (let at = 0; at < all.length; at += size) parts.push(all.slice(at, at + size));
        expect(parts.flatMap((part) => searchRows(part, query))).toEqual(searchRows(all, query));
        const counts = all.map((row) => matchesIn(row, query).length).filter((count) => count > 0);
        expect(searchRows(all, query).map(({ count }) => count)).toEqual(counts);
      },
    );
    fc.assert(property);
  });
});
