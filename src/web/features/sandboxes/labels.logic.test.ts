import { expect, test } from "vitest";
import { formatLabels, parseLabels } from "./labels.logic.ts";

test("labels as people type them", () => {
  expect(parseLabels("team=web, spike ,url=a=b\nx = 1,,=lost")).toEqual({
    team: "web",
    spike: "",
    url: "a=b",
    x: "1",
  });
});

test("and back", () => {
  expect(formatLabels({ team: "web", spike: "" })).toBe("team=web, spike");
  expect(parseLabels(formatLabels({ team: "web", spike: "" }))).toEqual({ team: "web", spike: "" });
});
