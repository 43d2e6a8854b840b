import { describe, expect, it } from "vitest";
import type { Envelope } from "#src/domain/event.ts";
import { type Facts, isNews, noticeOf } from "./notice.logic.ts";

const all = { permission: true, question: true, failed: true, finished: true };
const facts: Facts = { wanted: all, isLookedAt: false, turn_started_at: "2026-03-12T10:00:00Z" };

const event = (event_type: string, data: object, fields: object = {}): Envelope =>
  ({
    id: "7",
    sandbox_id: "b",
    session_id: "s",
    timestamp: "2026-03-12T10:01:04Z",
    event_type,
    data,
    ...fields,
  }) as Envelope;

const permission = (data: object) =>
  event("permission_request", { request_id: "r", tool_name: "Bash", title: "", tool_input: null, ...data });
const question = (title: string, asked: string) =>
  event("user_input_request", { request_id: "r", title, questions: [{ question: asked }] });
const failed = (data: object = {}) => event("session_failed", { turn_id: "t", error: "key sk-123", ...data });
const finished = (data: object = {}) =>
  event("session_completed", { turn_id: "t", stop_reason: "end_turn", ...data });

describe("what is told", () => {
  it.each<[Envelope, string, string, string]>([
    [
      permission({ title: "Delete the build folder" }),
      "permission",
      "r",
      "Permission required: Delete the build folder",
    ],
    [permission({}), "permission", "r", "Permission required: Bash"],
    [question("Choose a color", "Color"), "question", "r", "Question: Choose a color"],
    [question("", "Which database?\nThe old one is slow."), "question", "r", "Question: Which database?"],
    [question("", ""), "question", "r", "Question: the agent asks something"],
    [failed(), "failed", "t", "The turn failed after 1m 04s"],
    [finished(), "finished", "t", "The turn finished after 1m 04s"],
  ])("%#: %j", (envelope, kind, tag, body) => {
    expect(noticeOf(envelope, facts)).toEqual({ kind, tag, body, session_id: "s" });
  });

  it.each([
    ["the title is the command", { title: "curl -H token", tool_input: { command: "curl -H token" } }],
    [
      "the title quotes the command",
      { title: "Run `curl -H token`", tool_input: { command: "curl -H token" } },
    ],
    ["the title is a part of it", { title: "curl -H", tool_input: { command: "curl -H token" } }],
  ])("no command: %s", (_, data) => {
    expect(noticeOf(permission(data), facts)?.body).toBe("Permission required: Bash");
  });

  it("is cut", () => {
    const body = noticeOf(permission({ title: "x".repeat(500) }), facts)?.body ?? "";
    expect(body).toMatch(/^Permission required: x+…$/);
    expect(body.length).toBeLessThan(120);
  });
});

describe("what is not", () => {
  it.each<[string, Envelope, Partial<Facts>]>([
    ["of a session that is looked at", permission({}), { isLookedAt: true }],
    ["permissions switched off", permission({}), { wanted: { ...all, permission: false } }],
    ["questions switched off", question("a", "b"), { wanted: { ...all, question: false } }],
    ["failures switched off", failed(), { wanted: { ...all, failed: false } }],
    ["ends switched off", finished(), { wanted: { ...all, finished: false } }],
    ["a turn that a person stopped", finished({ stop_reason: "cancelled" }), {}],
    ["a turn nobody saw begin", finished(), { turn_started_at: null }],
    ["a turn of the past, read in at once", finished(), { turn_started_at: "2026-03-12T10:01:03.900Z" }],
    ["a failure of the past", failed(), { turn_started_at: "2026-03-12T10:01:03.900Z" }],
    ["a failure without a turn", failed({ turn_id: null }), {}],
    ["a time that cannot be read", finished(), { turn_started_at: "soon" }],
    ["an answer", event("permission_response", { request_id: "r" }), {}],
    ["the beginning of a turn", event("turn_started", { turn_id: "t" }), {}],
    ["an event of no session", failed({}), {}],
  ])("%s", (name, envelope, change) => {
    const subject = name === "an event of no session" ? { ...envelope, session_id: null } : envelope;
    expect(noticeOf(subject, { ...facts, ...change })).toBeNull();
  });
});

it.each([
  ["just now, on a stream that has been open", 200, 60_000, true],
  ["just now, right after it opened", 200, 50, true],
  ["of the break, right after it opened", 120_000, 50, false],
  ["of the break, at the end of the catching up", 120_000, 9_000, false],
  ["from a server whose clock is behind", 120_000, 60_000, true],
  ["from a server whose clock is ahead", -5_000, 50, true],
])("%s", (_, age, sinceOpened, news) => expect(isNews({ age, sinceOpened })).toBe(news));
