import { expect, it } from "vitest";
import { phaseOf } from "./phase.logic.ts";

const idle = {
  state: "active" as const,
  stopping: false,
  archived_at: null,
  turn_started_at: null,
  pending_permissions: 0,
  pending_questions: 0,
};
const running = { state: "running" as const };
const turn = { turn_id: "t", started_at: "2026", stopping: false, waited_ms: 0, asked_at: null };

it.each([
  ["ready", idle, running, null],
  ["working", idle, running, turn],
  ["working", { ...idle, state: "processing" as const }, running, null],
  ["stopping", idle, running, { ...turn, stopping: true }],
  ["needs permission", { ...idle, pending_permissions: 1, pending_questions: 1 }, running, turn],
  ["needs an answer", { ...idle, pending_questions: 1 }, running, turn],
  ["sandbox stopped", { ...idle, pending_permissions: 1 }, { state: "stopped" as const }, turn],
  ["sandbox gone", idle, null, null],
  ["ended", { ...idle, state: "completed" as const }, running, null],
  ["failed", { ...idle, state: "failed" as const }, running, null],
  ["archived", { ...idle, archived_at: "2026" }, running, null],
])("%s", (word, session, sandbox, open) => expect(phaseOf(session, sandbox, open).word).toBe(word));

it("counts the work from the turn's start, and what waits for somebody from when it was asked", () => {
  const waiting = { ...turn, asked_at: "2027" };
  expect(phaseOf(idle, running, turn).since).toBe("2026");
  expect(phaseOf({ ...idle, pending_permissions: 1 }, running, waiting).since).toBe("2027");
  expect(phaseOf({ ...idle, pending_questions: 1 }, running, waiting).since).toBe("2027");
  expect(phaseOf({ ...idle, pending_questions: 1 }, running, turn).since).toBe("2026");
});
