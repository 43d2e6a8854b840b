import { describe, expect, it } from "vitest";
import { atHistoryEdge, stepHistory } from "./history.logic.ts";

const prompts = ["one", "two", "three"];

describe("stepHistory", () => {
  it("goes back to the oldest and no further", () => {
    const first = stepHistory(prompts, null, "draft", "back");
    expect(first).toEqual({ position: { at: 2, draft: "draft" }, text: "three" });
    const last = stepHistory(prompts, { at: 1, draft: "draft" }, "two", "back");
    expect(last?.text).toBe("one");
    expect(stepHistory(prompts, { at: 0, draft: "draft" }, "one", "back")).toBeNull();
  });

  it("comes back to the draft", () => {
    expect(stepHistory(prompts, { at: 2, draft: "draft" }, "three", "forward")).toEqual({
      position: null,
      text: "draft",
    });
    expect(stepHistory(prompts, null, "draft", "forward")).toBeNull();
  });

  it("has nowhere to go without prompts", () =>
    expect(stepHistory([], null, "", "back")?.text ?? null).toBeNull());
});

it.each([
  ["one line", 4, "back", true],
  ["two\nlines", 2, "back", true],
  ["two\nlines", 6, "back", false],
  ["two\nlines", 6, "forward", true],
  ["two\nlines", 1, "forward", false],
] as const)("%j at %i going %s: %s", (text, caret, direction, edge) => {
  expect(atHistoryEdge(text, caret, direction)).toBe(edge);
});
