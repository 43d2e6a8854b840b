import { describe, expect, it } from "vitest";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript } from "#src/transcript/page.ts";
import { eventLog, type Told } from "#src/testing/event-log.ts";
import { tabToShow } from "./tab-to-show.logic.ts";

const edit: Told = [
  "tool_use_start",
  { id: "t", name: "edit", kind: "edit", diffs: [{ path: "a", old_text: null, new_text: "b" }] },
];
const plan: Told = [
  "plan_updated",
  { entries: [{ content: "Read the code", priority: "high", status: "pending" }] },
];
const noPlan: Told = ["plan_updated", { entries: [] }];

describe("tabToShow", () => {
  it.each<[string, Told[], string]>([
    ["details when nothing else is there", [], "details"],
    ["details when a plan is empty", [noPlan], "details"],
    ["changes once a file was edited", [edit], "changes"],
    ["the plan before the changes", [edit, plan], "plan"],
  ])("is %s", (_, told, tab) => {
    expect(tabToShow({ transcript: foldAll(emptyTranscript(), eventLog(...told)) })).toBe(tab);
  });

  it("is details until the transcript is there", () => {
    expect(tabToShow({ transcript: null })).toBe("details");
  });
});
