import { describe, expect, it } from "vitest";
import { applyChoice, matching, triggerAt } from "./trigger.logic.ts";

describe("triggerAt", () => {
  it.each([
    ["/", 1, { kind: "command", query: "", start: 0, end: 1 }],
    ["/dem", 4, { kind: "command", query: "dem", start: 0, end: 4 }],
    ["/demo now", 9, null],
    ["run /demo", 9, null],
    ["see @src/a", 10, { kind: "file", query: "src/a", start: 4, end: 10 }],
    ["@", 1, { kind: "file", query: "", start: 0, end: 1 }],
    ["a\n@b", 4, { kind: "file", query: "b", start: 2, end: 4 }],
    ["mail me@example", 15, null],
    ["@a b", 4, null],
    ["@abc", 2, { kind: "file", query: "a", start: 0, end: 2 }],
    ["", 0, null],
  ])("%j at %i", (text, caret, trigger) => expect(triggerAt(text, caret)).toEqual(trigger));
});

describe("applyChoice", () => {
  it.each([
    ["/de", 3, "demo", { text: "/demo ", caret: 6 }],
    ["see @sr now", 7, "src/a.ts", { text: "see @src/a.ts now", caret: 13 }],
    ["see @sr", 7, "src/a.ts", { text: "see @src/a.ts ", caret: 14 }],
  ])("%j", (text, caret, value, result) => {
    const trigger = triggerAt(text, caret);
    expect(trigger && applyChoice(text, trigger, value)).toEqual(result);
  });
});

it("puts names that start with the query first", () => {
  expect(matching(["undo", "do", "redo", "Doc", "x"], (name) => name, "do")).toEqual([
    "do",
    "Doc",
    "undo",
    "redo",
  ]);
});
