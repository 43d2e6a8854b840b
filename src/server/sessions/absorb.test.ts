import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DomainEvent } from "#src/domain/event.ts";
import { absorb, beginTurn, type LiveState } from "./absorb.ts";

const idle: LiveState = { session_id: "s1", turn: null, requests: [] };
const busy: LiveState = { session_id: "s1", turn: { turn_id: "t1", started_at: 1_000 }, requests: [] };

function source(now = 3_500) {
  let next = 0;
  return { newId: () => `id-${(next += 1)}`, now };
}

const permission = (request_id: string): DomainEvent => ({
  event_type: "permission_request",
  data: {
    request_id,
    turn_id: null,
    tool_use_id: "call",
    tool_name: "Bash",
    title: "ls",
    tool_input: { command: "ls" },
    risk_level: null,
    directory: null,
    diffs: [],
    options: [],
    message_supported: false,
    expires_at: null,
  },
});
const completed: DomainEvent = {
  event_type: "session_completed",
  data: { session_id: "", turn_id: null, stop_reason: "end_turn", duration_ms: null, cost_usd: null },
};
const failed: DomainEvent = {
  event_type: "session_failed",
  data: {
    session_id: "",
    turn_id: null,
    error: "gone",
    code: "agent_gone",
    stderr: "boom",
    duration_ms: null,
  },
};
const text: DomainEvent = { event_type: "text_delta", data: { text: "hi" } };

describe("absorb", () => {
  test("how long a turn of the past took is not measured by when its history was read", () => {
    const told = (past?: true) => absorb(busy, completed, { ...source(), past }).events[0]?.data;
    expect(told(true)).toMatchObject({ turn_id: "t1", duration_ms: null });
    expect(told()).toMatchObject({ turn_id: "t1", duration_ms: 2_500 });
  });

  test("a prompt opens a turn: the message first, then the turn", () => {
    const { events, state, turn } = beginTurn(
      idle,
      { message_id: "m", content: [], author: "ann" },
      "t9",
      source(),
    );
    expect(events.map(({ event_type }) => event_type)).toEqual(["user_message", "turn_started"]);
    expect(events[0]).toMatchObject({ data: { turn_id: "t9", author: "ann" } });
    expect(state.turn).toEqual({ turn_id: "t9", started_at: 3_500 });
    expect(turn).toBe("opened");
  });

  test("a request gets an id of its own and the turn's; the same one again is nothing new", () => {
    const first = absorb(busy, permission("7"), source());
    expect(first.events[0]).toMatchObject({ data: { request_id: "id-1", turn_id: "t1" } });
    expect(first.opened).toEqual([{ id: "id-1", upstream_id: "7", kind: "permission", tool_name: "Bash" }]);
    const again = absorb(first.state, permission("7"), source());
    expect(again.events).toEqual([]);
    expect(again.state).toBe(first.state);
  });

  test("the end of a turn carries its id and its time, and expires what waits, before it", () => {
    const { state } = absorb(busy, permission("7"), source());
    const end = absorb(state, completed, source());
    expect(end.events.map(({ event_type }) => event_type)).toEqual([
      "permission_response",
      "session_completed",
    ]);
    expect(end.events[0]).toMatchObject({ data: { request_id: "id-1", state: "expired", approved: false } });
    expect(end.events[1]).toMatchObject({ data: { session_id: "s1", turn_id: "t1", duration_ms: 2_500 } });
    expect(end.state).toEqual(idle);
    expect(end.closed).toEqual([{ id: "id-1", state: "expired" }]);
  });

  test("a second end of the same turn is nothing; a failure outside a turn is kept as an error", () => {
    const once = absorb(busy, completed, source());
    expect(absorb(once.state, completed, source()).events).toEqual([]);
    expect(absorb(idle, failed, source()).events).toEqual([
      { event_type: "error", data: { code: "agent_gone", message: "gone", details: "boom" } },
    ]);
  });

  test("a resolution from upstream closes the request under our id; an unknown one says nothing", () => {
    const { state } = absorb(busy, permission("7"), source());
    const resolution = (request_id: string): DomainEvent => ({
      event_type: "permission_response",
      data: {
        request_id,
        tool_name: "Bash",
        approved: true,
        reply: "always",
        option_name: null,
        message: null,
        state: "auto_resolved",
        by: null,
      },
    });
    const closed = absorb(state, resolution("7"), source());
    expect(closed.events[0]).toMatchObject({ data: { request_id: "id-1" } });
    expect(closed.state.requests).toEqual([]);
    expect(absorb(state, resolution("8"), source()).events).toEqual([]);
  });

  test("a prompt from another client opens a turn unless one runs", () => {
    const prompt: DomainEvent = {
      event_type: "user_message",
      data: { message_id: "m", content: [], turn_id: null, author: null },
    };
    expect(absorb(idle, prompt, source()).events.map(({ event_type }) => event_type)).toEqual([
      "user_message",
      "turn_started",
    ]);
    expect(absorb(busy, prompt, source()).events).toMatchObject([{ data: { turn_id: "t1" } }]);
  });

  test("whatever comes in whatever order, every turn ends exactly once and leaves no request", () => {
    const anything = fc.array(
      fc.oneof(
        fc.constantFrom(text, completed, failed),
        fc.constantFrom("1", "2", "3").map(permission),
        fc.constant<DomainEvent>({ event_type: "turn_started", data: { turn_id: "", message_id: null } }),
      ),
    );
    fc.assert(
      fc.property(anything, (events) => {
        let state = idle;
        const given = source();
        const log = events.flatMap((event) => {
          const absorbed = absorb(state, event, given);
          state = absorbed.state;
          return absorbed.events;
        });
        let open = false;
        const waiting = new Set<string>();
        for (const event of log) {
          if (event.event_type === "turn_started") {
            expect(open).toBe(false);
            open = true;
          }
          if (event.event_type === "permission_request") waiting.add(event.data.request_id);
          if (event.event_type === "permission_response") waiting.delete(event.data.request_id);
          if (event.event_type === "session_completed" || event.event_type === "session_failed") {
            expect(open).toBe(true);
            expect(waiting.size).toBe(0);
            open = false;
          }
        }
        expect(open).toBe(state.turn !== null);
        expect(waiting.size).toBe(state.requests.length);
      }),
    );
  });
});
