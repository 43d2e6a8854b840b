import { expect, test } from "vitest";
import { sessionSign } from "./session-sign.logic.ts";

const quiet = {
  state: "processing",
  stopping: false,
  last_error: null,
  pending_permissions: 0,
  pending_questions: 0,
} as const;

test.each([
  [{ pending_permissions: 1, pending_questions: 1, stopping: true }, "needs permission"],
  [{ pending_questions: 1, stopping: true }, "needs an answer"],
  [{ stopping: true }, "stopping"],
  [{}, "working"],
  [{ state: "active" as const }, "ready"],
  [{ state: "active" as const, last_error: "no key" }, "last turn failed"],
  [{ last_error: "no key" }, "working"],
  [{ state: "failed" as const }, "failed"],
])("the sign of %j is %s", (given, label) => {
  expect(sessionSign({ ...quiet, ...given }).label).toBe(label);
});
