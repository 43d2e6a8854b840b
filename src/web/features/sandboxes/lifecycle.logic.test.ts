import { expect, test } from "vitest";
import type { SandboxState } from "#src/domain/sandbox.ts";
import { mockCapabilities } from "#src/testing/mock-capabilities.ts";
import { mockSandbox } from "#src/testing/mock-sandbox.ts";
import { lifecycleButtons, missingActions } from "./lifecycle.logic.ts";

const all = mockCapabilities();
const fixed = mockCapabilities({
  sandboxes: { ...all.sandboxes, start: false, stop: false, pause: false, delete: false },
  notes: { "sandboxes.stop": "It runs elsewhere." },
});

test.each<[SandboxState, string[]]>([
  ["pending", ["Starting… (busy)"]],
  ["creating", ["Starting… (busy)"]],
  ["running", ["Stop sandbox", "Pause sandbox", "Restart sandbox"]],
  ["pausing", ["Pausing… (busy)"]],
  ["paused", ["Resume sandbox", "Stop sandbox"]],
  ["stopping", ["Stopping… (busy)"]],
  ["stopped", ["Start sandbox"]],
  ["failed", ["Start sandbox"]],
  ["terminated", []],
])("buttons of a sandbox that is %s", (state, expected) => {
  const buttons = lifecycleButtons(mockSandbox({ state }), all);
  expect(buttons.map(({ label, busy }) => (busy ? `${label} (busy)` : label))).toEqual(expected);
});

test("what the backend cannot do is no button, but a reason", () => {
  const sandbox = mockSandbox();
  expect(lifecycleButtons(sandbox, fixed)).toEqual([]);
  expect(missingActions(sandbox, fixed)).toEqual([
    { label: "Stop sandbox", reason: "It runs elsewhere." },
    { label: "Pause sandbox", reason: "Its backend cannot do this" },
    { label: "Delete sandbox", reason: "Its backend cannot do this" },
  ]);
  expect(missingActions(sandbox, all)).toEqual([]);
});

test("a restart needs a backend that can start again", () => {
  const noStart = mockCapabilities({ sandboxes: { ...all.sandboxes, start: false } });
  expect(lifecycleButtons(mockSandbox(), noStart).map(({ action }) => action)).toEqual(["stop", "pause"]);
});
