import { expect, it } from "vitest";
import type { Session } from "#src/domain/session.ts";
import { blockOf } from "./block.logic.ts";

const session = (change: Partial<Session> = {}): Session => ({
  id: "s",
  sandbox_id: "b",
  sandbox_name: "b",
  backend_id: "local",
  agent: "mock",
  title: "",
  state: "active",
  state_detail: null,
  stopping: false,
  options: [],
  commands: [],
  metadata: {},
  directory: null,
  archived_at: null,
  turn_started_at: null,
  heard_at: null,
  pending_permissions: 0,
  pending_questions: 0,
  pending_summary: null,
  queue_length: 0,
  last_error: null,
  last_event_id: "0",
  created_at: "",
  updated_at: "",
  last_activity_at: "",
  ...change,
});

it.each([
  [session(), "running", null],
  [session({ state: "processing" }), "running", null],
  [session({ archived_at: "2026" }), "running", { reason: "This session is archived.", fix: "restore" }],
  [session({ state: "completed" }), "running", { reason: "This session has ended.", fix: "reopen" }],
  [
    session({ state: "failed", last_error: "The agent exited." }),
    "stopped",
    { reason: "This session failed: The agent exited.", fix: "reopen" },
  ],
  [session(), "stopped", { reason: "The sandbox is stopped.", fix: "start" }],
  [session(), "paused", { reason: "The sandbox is paused.", fix: "resume" }],
  [session(), "creating", { reason: "The sandbox is starting.", fix: null }],
  [session(), "stopping", { reason: "The sandbox is stopping.", fix: null }],
  [session(), "terminated", { reason: "The sandbox is terminated.", fix: null }],
] as const)("%#: sandbox %s", (subject, state, block) => {
  expect(blockOf(subject, { state }, undefined)).toEqual(block);
});

it("says that a sandbox is gone", () => {
  expect(blockOf(session(), null, undefined)?.fix).toBeNull();
});
