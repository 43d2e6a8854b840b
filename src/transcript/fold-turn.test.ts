import { describe, expect, it } from "vitest";
import { eventLog, type Told, timeOf } from "#src/testing/event-log.ts";
import { foldAll } from "./fold.ts";
import { emptyTranscript } from "./page.ts";

const begin = (turn_id: string): Told => ["turn_started", { turn_id, message_id: null }];
const completed = (turn_id: string | null): Told => [
  "session_completed",
  { session_id: "s", turn_id, stop_reason: "end_turn" },
];
const failed = (turn_id: string | null, error = "gone"): Told => [
  "session_failed",
  { session_id: "s", turn_id, error },
];
const stop = (turn_id: string): Told => ["stop_requested", { turn_id }];
const delta: Told = ["text_delta", { text: "a" }];
const after = (...told: Told[]) => foldAll(emptyTranscript(), eventLog(...told));
const sketch = (...told: Told[]) => after(...told).rows.map((row) => `${row.kind} ${row.turn_id}`);

describe("a turn", () => {
  it("gives its id to the rows that come in it", () => {
    expect(
      sketch(delta, begin("t"), ["error", { message: "x" }], completed("t"), ["error", { message: "y" }]),
    ).toEqual(["text null", "error t", "turn_end t", "error null"]);
  });

  it("starts once", () => {
    expect(after(begin("t"), stop("t"), begin("t")).view.turn).toEqual({
      turn_id: "t",
      started_at: timeOf(1),
      stopping: true,
      waited_ms: 0,
      asked_at: null,
    });
  });

  it("is stopping once somebody asked for it", () => {
    expect(after(begin("t"), stop("u")).view.turn?.stopping).toBe(false);
    expect(after(begin("t"), stop("t"), stop("t")).view.turn?.stopping).toBe(true);
  });

  it("ends once", () => {
    const state = after(begin("t"), delta, completed("t"), failed("t"));
    expect(state.rows.map((row) => row.kind)).toEqual(["text", "turn_end"]);
    expect(state.rows.at(-1)).toMatchObject({ outcome: "completed" });
    expect(state.cursor).toBe("4");
    expect(state.view).toMatchObject({ turn: null, ended_turn_id: "t" });
  });

  it("ends by an event that names none", () => {
    expect(sketch(begin("t"), completed(null), completed(null))).toEqual(["turn_end t"]);
  });

  it("that ends late leaves the one that runs alone", () => {
    const state = after(begin("t"), completed("t"), begin("u"), delta, completed("t"));
    expect(state.view.turn?.turn_id).toBe("u");
    expect(state.rows.at(-1)).toMatchObject({ kind: "text", open: true });
  });

  it("that another one overtakes is over, and its end is still told", () => {
    const state = after(begin("t"), ["tool_use_start", { id: "c", name: "x" }], begin("u"), failed("t"));
    expect(state.rows).toMatchObject([
      { kind: "tool", tool: { status: "completed" } },
      { kind: "turn_end", turn_id: "t", outcome: "failed" },
    ]);
    expect(state.view.turn?.turn_id).toBe("u");
  });
});

describe("how long a turn waited for people", () => {
  const asks = (request_id: string): Told => [
    "permission_request",
    { request_id, tool_use_id: null, tool_name: "shell", title: "", tool_input: {}, options: [] },
  ];
  const answers = (request_id: string): Told => [
    "permission_response",
    { request_id, tool_name: "shell", approved: true, reply: "once" },
  ];
  /** One second passes with every event. */
  it.each<[string, Told[], number]>([
    ["is nothing while nobody is asked", [delta, delta], 0],
    ["is the time to the answer", [asks("a"), delta, answers("a"), delta], 2],
    ["counts requests that overlap once", [asks("a"), asks("b"), answers("a"), answers("b")], 3],
    ["adds up", [asks("a"), answers("a"), delta, asks("b"), delta, answers("b")], 3],
    ["counts an answer that is told twice once", [asks("a"), answers("a"), delta, answers("a")], 1],
    ["goes to the turn's end for what was never answered", [asks("a"), delta], 2],
  ])("%s", (_name, told, seconds) => {
    expect(after(begin("t"), ...told, completed("t")).rows.at(-1)).toMatchObject({
      kind: "turn_end",
      waited_ms: seconds * 1000,
    });
  });

  it("is no part of the next turn", () => {
    const state = after(
      begin("t"),
      asks("a"),
      delta,
      completed("t"),
      begin("u"),
      answers("a"),
      completed("u"),
    );
    expect(state.rows.at(-1)).toMatchObject({ turn_id: "u", waited_ms: 0 });
  });
});

describe("a session that fails while no turn runs", () => {
  it("says so, once for each reason", () => {
    const { rows } = after(failed(null, "exited"), failed(null, "exited"), failed(null, "no such file"));
    expect(rows).toMatchObject([
      { kind: "turn_end", error: "exited", turn_id: null },
      { kind: "turn_end", error: "no such file" },
    ]);
  });
});

describe("a prompt", () => {
  it("told twice is one row", () => {
    const prompt = (turn_id: string | null): Told => [
      "user_message",
      { message_id: "m", content: [{ type: "text", text: "hi" }], turn_id },
    ];
    expect(sketch(prompt(null), begin("t"), prompt("t"))).toEqual(["user t"]);
  });
});
