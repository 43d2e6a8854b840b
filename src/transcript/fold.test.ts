import { describe, expect, it, test } from "vitest";
import type { EventData, EventType } from "#src/domain/event.ts";
import { envelope, eventLog, type Told, timeOf } from "#src/testing/event-log.ts";
import { fold, foldAll } from "./fold.ts";
import { LOG_LINES } from "./limits.ts";
import { emptyTranscript } from "./page.ts";
import type { RowKind, SessionView } from "./rows.ts";

const empty = emptyTranscript();
const after = (...told: Told[]) => foldAll(empty, eventLog(...told));

type Alone = {
  data: Extract<Told, readonly [EventType, unknown]>[1];
  /** The row that the event makes in an empty session, and the part of the view that it sets. */
  row?: Record<string, unknown> & { kind: RowKind };
  view?: Partial<SessionView>;
};

const request = { request_id: "r", tool_name: "Bash", tool_input: { command: "ls" }, options: [] };
const entries: EventData["plan_updated"]["entries"] = [{ content: "a", priority: "high", status: "pending" }];
const queue = [{ id: "q", prompt_text: "next", queued_at: timeOf(1) }];
const image = { type: "image", media_type: "image/png", data: "AA==" } as const;

/** What every type of event does when it is the first of a session; a new type does not compile without a line here. */
const alone: { [T in EventType]: Alone } = {
  user_message: {
    data: { message_id: "m", content: [{ type: "text", text: "hi" }], turn_id: "t", author: "ana" },
    row: {
      kind: "user",
      turn_id: "t",
      message_id: "m",
      author: "ana",
      content: [{ type: "text", text: "hi" }],
    },
  },
  turn_started: {
    data: { turn_id: "t", message_id: null },
    view: { turn: { turn_id: "t", started_at: timeOf(1), stopping: false, waited_ms: 0, asked_at: null } },
  },
  text_delta: {
    data: { text: "a", block_id: "b" },
    row: { kind: "text", text: "a", block_id: "b", open: true, complete: false },
  },
  text_complete: { data: { text: "a" }, row: { kind: "text", text: "a", open: false, complete: true } },
  thinking_delta: { data: { text: "a" }, row: { kind: "thinking", text: "a", open: true, ended_at: null } },
  message_content: { data: { content: [image] }, row: { kind: "content", content: [image] } },
  tool_use_start: {
    data: { id: "c", name: "Bash", kind: "execute", status: "in_progress", parent_id: "p" },
    row: {
      kind: "tool",
      tool: { id: "c", name: "Bash", title: "Bash", status: "in_progress", parent_id: "p" },
    },
  },
  tool_input_delta: {
    data: { id: "c", partial_json: '{"a":' },
    row: { kind: "tool", tool: { id: "c", name: "tool", input_json: '{"a":', input: undefined } },
  },
  tool_update: {
    data: { id: "c", name: "Read", title: "Read a", output: "x" },
    row: { kind: "tool", tool: { id: "c", name: "Read", title: "Read a", output: "x", status: "pending" } },
  },
  tool_progress: { data: { tool_use_id: "c", progress: "half" } },
  tool_result: {
    data: { tool_use_id: "c", content: "no such file", is_error: true },
    row: { kind: "tool", tool: { id: "c", output: "no such file", status: "failed", ended_at: timeOf(1) } },
  },
  tool_use_complete: { data: { id: "c" } },
  plan_updated: { data: { entries }, view: { plan: entries } },
  usage_updated: { data: { used: 5 }, view: { usage: expect.objectContaining({ used: 5, size: null }) } },
  file_changed: { data: { tool_name: "Edit", file_path: "/a", action: "edited" } },
  permission_request: {
    data: request,
    row: { kind: "permission", permission: { request, requested_at: timeOf(1), response: null } },
  },
  permission_response: {
    data: { request_id: "r", tool_name: "Bash", approved: true, reply: "once" },
    row: { kind: "notice", text: "Bash was allowed" },
  },
  user_input_request: {
    data: { request_id: "r", questions: [] },
    row: { kind: "question", question: { request: { request_id: "r" }, response: null } },
  },
  user_input_response: { data: { request_id: "r", answers: null, state: "rejected" } },
  queue_updated: { data: { queue, queue_length: 1 }, view: { queue } },
  stop_requested: { data: { turn_id: "t" } },
  session_completed: {
    data: { session_id: "s", turn_id: "t", stop_reason: "end_turn", duration_ms: 5, cost_usd: 0.1 },
    row: {
      kind: "turn_end",
      turn_id: "t",
      outcome: "completed",
      stop_reason: "end_turn",
      duration_ms: 5,
      cost_usd: 0.1,
    },
    view: { ended_turn_id: "t" },
  },
  session_failed: {
    data: { session_id: "s", turn_id: "t", error: "gone", code: "agent_exited", stderr: "x" },
    row: {
      kind: "turn_end",
      turn_id: "t",
      outcome: "failed",
      error: "gone",
      code: "agent_exited",
      stderr: "x",
    },
    view: { ended_turn_id: "t" },
  },
  error: {
    data: { message: "bad", code: "c", details: { a: 1 } },
    row: { kind: "error", message: "bad", code: "c", details: { a: 1 } },
  },
  log_line: {
    data: { line: "x", stream: "stderr" },
    row: { kind: "log", lines: [{ line: "x", stream: "stderr" }], cut: 0 },
  },
  unparsed: {
    data: { error: "no", location: "l", raw: [1] },
    row: { kind: "unparsed", error: "no", location: "l", raw: [1] },
  },
  session_created: { data: { session_id: "s", agent: "mock", title: "T" }, view: { title: "T" } },
  session_updated: {
    data: { title: "T", change: "Model is now opus" },
    row: { kind: "notice", text: "Model is now opus" },
    view: { title: "T" },
  },
  sandbox_created: { data: { sandbox_id: "x", name: "web" } },
  sandbox_updated: { data: { name: "web" } },
  sandbox_state_changed: { data: { from: "running", to: "stopped" } },
  provisioning_step: { data: { step: "clone", status: "done" } },
  provisioning_complete: { data: { sandbox_id: "x" } },
  provisioning_failed: { data: { error: "no disk" } },
  backend_state_changed: { data: { backend_id: "b", from: null, to: "online" } },
  list_changed: { data: { list: "secrets" } },
};

test.each(Object.entries(alone))("%s, first in a session", (type, { data, row, view }) => {
  // The table's own type pairs each name with its data.
  const state = after([type, data] as unknown as Told);
  expect(state.cursor).toBe("1");
  expect(state.view).toEqual({ ...empty.view, ...view });
  expect(state.rows).toHaveLength(row ? 1 : 0);
  if (!row) return expect(state.rows).toBe(empty.rows);
  const base = { key: `${row.kind}:1`, first_event_id: "1", last_event_id: "1", at: timeOf(1) };
  expect(state.rows[0]).toMatchObject({ ...base, ...row });
});

describe("the cursor", () => {
  it("lets an event in once", () => {
    const [first, second] = eventLog(["text_delta", { text: "a" }], ["text_delta", { text: "b" }]);
    const state = foldAll(empty, [first!, second!]);
    expect(fold(state, second!)).toBe(state);
    expect(fold(state, first!)).toBe(state);
    expect(foldAll(state, [])).toBe(state);
  });

  it("compares ids as numbers, however large", () => {
    const at = (id: string) => ({ ...eventLog(["text_delta", { text: "a" }])[0]!, id });
    const state = fold(empty, at("99999999999999999999"));
    expect(fold(state, at("100000000000000000000"))).toMatchObject({ rows: [{ text: "aa" }] });
    expect(fold(state, at("9"))).toBe(state);
  });

  it("moves on an event that says nothing to the transcript, and only it does", () => {
    const state = after(["text_delta", { text: "a" }]);
    const next = fold(state, envelope(2, "list_changed", { list: "secrets" }));
    expect(next).toEqual({ ...state, cursor: "2" });
    expect(next.rows).toBe(state.rows);
    expect(next.view).toBe(state.view);
    expect(next.live).toBe(state.live);
  });
});

describe("what stands beside the conversation", () => {
  it("shows an event of a type it does not know", () => {
    const state = fold(empty, envelope(1, "hologram_sent", { depth: 3 }));
    expect(state.rows).toMatchObject([{ kind: "unparsed", location: "hologram_sent", raw: { depth: 3 } }]);
  });

  it("puts log lines that follow each other into one row, also while text streams", () => {
    const state = after(
      ["log_line", { line: "1", stream: "stdout" }],
      ["log_line", { line: "2", stream: "stderr" }],
      ["text_delta", { text: "a" }],
      ["log_line", { line: "3", stream: "stdout" }],
      ["text_delta", { text: "b" }],
      ["log_line", { line: "4", stream: "stdout" }],
    );
    expect(
      state.rows.map((row) => (row.kind === "log" ? row.lines.map(({ line }) => line) : row.kind)),
    ).toEqual([["1", "2"], "text", ["3", "4"]]);
  });

  it(`keeps the newest ${LOG_LINES} lines of a log and counts the rest`, () => {
    const lines = Array.from({ length: LOG_LINES + 5 }, (_, n): Told => [
      "log_line",
      { line: `${n}`, stream: "out" },
    ]);
    const [row] = after(...lines).rows;
    expect(row).toMatchObject({ kind: "log", cut: 5 });
    expect(row?.kind === "log" && [row.lines.length, row.lines[0]?.line]).toEqual([LOG_LINES, "5"]);
  });

  it("keeps unparsed events apart", () => {
    const state = after(["unparsed", { error: "no", raw: 1 }], ["unparsed", { error: "no", raw: 1 }]);
    expect(state.rows.map((row) => row.key)).toEqual(["unparsed:1", "unparsed:2"]);
  });

  it("merges usage by field", () => {
    const state = after(["usage_updated", { used: 1, size: 10 }], ["usage_updated", { used: 2, size: null }]);
    expect(state.view.usage).toMatchObject({ used: 2, size: 10, cost: null });
  });

  it("keeps the parts of the view that an update leaves out", () => {
    const before = after(["plan_updated", { entries }], ["queue_updated", { queue, queue_length: 1 }]);
    const [, , third] = eventLog(
      ["list_changed", { list: "tokens" }],
      ["list_changed", { list: "tokens" }],
      ["session_updated", { commands: [{ name: "compact" }] }],
    );
    const { view } = fold(before, third!);
    expect(view.plan).toBe(before.view.plan);
    expect(view.queue).toBe(before.view.queue);
    expect(view.commands).toMatchObject([{ name: "compact" }]);
  });
});
