import { describe, expect, it } from "vitest";
import type { Session } from "#src/domain/session.ts";
import { mockSession } from "#src/testing/mock-session.ts";
import { attentionOf, groupSessions, type Seen, searchSessions } from "./attention.logic.ts";

const seen: Seen = { since: "100", sessions: { read: "120", old: "90" } };

describe("attentionOf", () => {
  it.each<[string, Partial<Session>, string]>([
    ["a permission before everything", { pending_permissions: 1, pending_questions: 1 }, "permission"],
    ["a question while it works", { state: "waiting_for_input", pending_questions: 1 }, "question"],
    ["a failure nobody looked at", { state: "failed", last_event_id: "101" }, "failed"],
    ["a failed turn of a living session", { last_error: "no key", last_event_id: "101" }, "failed"],
    ["a failure that was seen", { id: "read", state: "failed", last_event_id: "120" }, "rest"],
    ["a new turn after a failure", { state: "processing", last_error: "no key" }, "working"],
    ["events since it was looked at", { id: "read", last_event_id: "121" }, "unread"],
    ["nothing new", { id: "read", last_event_id: "120" }, "rest"],
    ["a session from before this browser knew any", { id: "other", last_event_id: "100" }, "rest"],
    ["a session that came since", { id: "other", last_event_id: "101" }, "unread"],
  ])("%s", (_, fields, expected) => {
    expect(attentionOf(mockSession({ id: "other", ...fields }), seen)).toBe(expected);
  });
});

describe("groupSessions", () => {
  it("puts who needs a person first, who waits longest on top, and the newest on top elsewhere", () => {
    const at = (minute: number) => `2026-03-12T10:${minute}:00.000Z`;
    const groups = groupSessions(
      [
        mockSession({ id: "r1", last_activity_at: at(10) }),
        mockSession({ id: "r2", last_activity_at: at(50) }),
        mockSession({ id: "w", state: "processing" }),
        mockSession({ id: "q", pending_questions: 1, last_activity_at: at(10) }),
        mockSession({ id: "p2", pending_permissions: 1, last_activity_at: at(40) }),
        mockSession({ id: "p1", pending_permissions: 1, last_activity_at: at(20) }),
        mockSession({ id: "u", last_event_id: "200" }),
      ],
      seen,
    );
    const ids = groups.map(({ name, entries }) => [name, ...entries.map(({ session }) => session.id)]);
    expect(ids).toEqual([
      ["Needs you", "p1", "p2", "q"],
      ["Working", "w"],
      ["Unread", "u"],
      ["Recent", "r2", "r1"],
    ]);
  });
});

it("searches every word in title, sandbox, agent and request", () => {
  const sessions = [
    mockSession({ id: "a", title: "Login", sandbox_name: "web-1", pending_summary: "Bash: rm -rf dist" }),
    mockSession({ id: "b", title: "Payment", sandbox_name: "api-2" }),
  ];
  const found = (text: string) => searchSessions(sessions, text).map(({ id }) => id);
  expect(found("LOG web")).toEqual(["a"]);
  expect(found("dist")).toEqual(["a"]);
  expect(found("log api")).toEqual([]);
  expect(found("  ")).toEqual(["a", "b"]);
});
