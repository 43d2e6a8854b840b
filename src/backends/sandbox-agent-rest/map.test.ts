import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DomainEvent } from "#src/domain/event.ts";
import { mapEvent } from "./map.ts";
import { createMemory, openTurn, type SessionMemory } from "./memory.ts";
import { silenceLimit } from "./turn-end.ts";

type Given = { type: string; data: unknown };

function run(given: readonly Given[], memory: SessionMemory = createMemory()): DomainEvent[] {
  return given.flatMap(({ type, data }, index) => mapEvent({ sequence: index + 1, type, data }, memory));
}

const item = (id: string, content: unknown[], more: object = {}) => ({
  item: { item_id: id, kind: "message", role: "assistant", content, status: "in_progress", ...more },
});
const text = (value: string) => ({ type: "text", text: value });
const started = (id: string, content: unknown[], more?: object): Given => ({
  type: "item.started",
  data: item(id, content, more),
});
const completed = (id: string, content: unknown[], more?: object): Given => ({
  type: "item.completed",
  data: item(id, content, { status: "completed", ...more }),
});
const delta = (id: string, value: string): Given => ({
  type: "item.delta",
  data: { item_id: id, native_item_id: null, delta: value },
});
const turnStarted: Given = { type: "turn.started", data: { phase: "started" } };
const turnEnded: Given = { type: "turn.ended", data: { phase: "ended" } };
const user = { role: "user" };
const call = { type: "tool_call", name: "bash", arguments: '{"command":"ls"}', call_id: "c1" };
const result = { type: "tool_result", call_id: "c1", output: "a.ts" };

const textDelta = (value: string, block_id = "i1") => ({
  event_type: "text_delta",
  data: { text: value, block_id },
});
const textComplete = (value: string, block_id = "i1") => ({
  event_type: "text_complete",
  data: { text: value, block_id },
});
const completedTurn = (stop_reason = "end_turn") => ({
  event_type: "session_completed",
  data: { session_id: "", turn_id: null, stop_reason, duration_ms: null, cost_usd: null },
});

describe("the shapes that agents surprise with (spec 3)", () => {
  test.each<[string, Given[], object[]]>([
    [
      "1: a start's content is no prefix",
      [started("i1", [text("wait")]), delta("i1", "He"), delta("i1", "y"), completed("i1", [text("Hey")])],
      [textDelta("He"), textDelta("y")],
    ],
    [
      "1: a start's content is all there is",
      [started("i1", [text("Hey")]), completed("i1", [text("Hey")])],
      [textComplete("Hey")],
    ],
    [
      "1: the end says something else",
      [started("i1", []), delta("i1", "Draft"), completed("i1", [text("Final")])],
      [textDelta("Draft"), textComplete("Final")],
    ],
    ["2: the end is empty", [started("i1", []), delta("i1", "Hey"), completed("i1", [])], [textDelta("Hey")]],
    [
      "3: a delta before the start",
      [delta("i1", "He"), started("i1", []), delta("i1", "y")],
      [textDelta("He"), textDelta("y")],
    ],
    [
      "3: another client's text after the end",
      [turnStarted, started("i1", [], user), completed("i1", [], user), delta("i1", "Hi")],
      [
        { event_type: "turn_started", data: { turn_id: "", message_id: null } },
        {
          event_type: "user_message",
          data: { message_id: "i1", content: [text("Hi")], turn_id: null, author: null },
        },
      ],
    ],
    [
      "4: a call becomes its result",
      [
        started("i1", [call], { kind: "tool_call" }),
        completed("i1", [result], { kind: "tool_result", role: "tool" }),
      ],
      [
        {
          event_type: "tool_use_start",
          data: {
            id: "c1",
            name: "bash",
            parent_id: null,
            kind: "execute",
            status: "in_progress",
            input: { command: "ls" },
          },
        },
        { event_type: "tool_result", data: { tool_use_id: "c1", content: "a.ts", is_error: false } },
      ],
    ],
    [
      "5: deltas of a command's output",
      [started("i1", [call], { kind: "tool_call" }), delta("i1", "a.ts")],
      [
        expect.objectContaining({ event_type: "tool_use_start" }),
        { event_type: "tool_update", data: { id: "c1", output_delta: "a.ts" } },
      ],
    ],
    [
      "5: deltas of reasoning",
      [started("i1", [{ type: "reasoning", text: "" }]), delta("i1", "Hm")],
      [{ event_type: "thinking_delta", data: { text: "Hm", block_id: "i1/thinking" } }],
    ],
    [
      "6: Claude's results are JSON text",
      [completed("i1", [{ ...result, output: '"a\\nb"' }], { kind: "tool_result" })],
      [
        expect.objectContaining({ event_type: "tool_use_start" }),
        { event_type: "tool_result", data: { tool_use_id: "c1", content: "a\nb", is_error: false } },
      ],
    ],
    [
      "6: Claude's one item ends with its last text only",
      [
        started("i1", []),
        delta("i1", "Look."),
        started("i2", [call], { kind: "tool_call" }),
        delta("i1", "Done."),
        completed("i1", [text("Done.")]),
      ],
      [textDelta("Look."), expect.objectContaining({ event_type: "tool_use_start" }), textDelta("Done.")],
    ],
    [
      "7: reasoning that completes again, longer",
      [
        started("i1", [{ type: "reasoning", text: "A" }]),
        completed("i1", [{ type: "reasoning", text: "A" }]),
        completed("i1", [{ type: "reasoning", text: "AB" }]),
      ],
      [
        { event_type: "thinking_delta", data: { text: "A", block_id: "i1/thinking" } },
        { event_type: "thinking_delta", data: { text: "B", block_id: "i1/thinking" } },
      ],
    ],
    [
      "8: status lines that repeat",
      ["s1", "s2"].map((id) =>
        completed(id, [{ type: "status", label: "Tokens", detail: "12" }], {
          kind: "status",
          role: "system",
        }),
      ),
      [{ event_type: "log_line", data: { line: "Tokens: 12", stream: "status" } }],
    ],
    [
      "an item that no end came for",
      [turnStarted, started("i1", [text("Hey")]), delta("i2", "lost"), turnEnded],
      [
        expect.objectContaining({ event_type: "turn_started" }),
        textComplete("Hey"),
        textDelta("lost", "i2"),
        completedTurn(),
      ],
    ],
    [
      "parts beside text, once though completed twice",
      [1, 2].map(() =>
        completed("i1", [text("T"), { type: "json", json: { a: 1 } }, { type: "image", path: "/x/p.png" }]),
      ),
      [
        textComplete("T"),
        textComplete('```json\n{\n  "a": 1\n}\n```', "i1/1"),
        {
          event_type: "message_content",
          data: { block_id: "i1/2", content: [{ type: "file", name: "p.png", path: "/x/p.png" }] },
        },
      ],
    ],
    [
      "unknown parts and kinds",
      [completed("i1", [{ type: "hologram" }]), completed("i2", [text("x")], { kind: "unknown" })],
      [
        expect.objectContaining({ data: expect.objectContaining({ raw: { type: "hologram" } }) }),
        expect.objectContaining({ event_type: "unparsed" }),
      ],
    ],
    [
      "an unknown type",
      [{ type: "moon.rose", data: 1 }],
      [expect.objectContaining({ event_type: "unparsed" })],
    ],
  ])("%s", (_, given, expected) => {
    expect(run(given)).toEqual(expected);
  });
});

describe("patches", () => {
  test.each([
    ["write", "+one\n+two\n", [{ old_text: null, new_text: "one\ntwo\n", start_line: 1 }]],
    [
      "patch",
      "--- a\n+++ a\n@@ -7,2 +7,2 @@ f()\n same\n--- old\n+new\n\\ No newline at end of file\n",
      [{ old_text: "same\n-- old\n", new_text: "same\nnew\n", start_line: 7 }],
    ],
    [
      "patch",
      "@@ -7 +7,2 @@\n-a\n+b\n+c\n@@ -20,2 +20,0 @@\n-d\n-e\n",
      [
        { old_text: "a\n", new_text: "b\nc\n", start_line: 7 },
        { old_text: "d\ne\n", new_text: "", start_line: 21 },
      ],
    ],
    ["patch", "@@\n-old\n+new\n", [{ old_text: "old\n", new_text: "new\n" }]],
    ["patch", "-old\n+new\n", [{ old_text: "old\n", new_text: "new\n" }]],
  ])("a %s shows what was, what is, and where if it says so: %j", (action, diff, expected) => {
    const part = { type: "file_ref", path: "/a", action, diff };
    const [start] = run([completed("i1", [result, part], { kind: "tool_result" })]);
    const diffs = expected.map((hunk) => ({ path: "/a", ...hunk }));
    expect(start).toMatchObject({ event_type: "tool_use_start" });
    expect(start?.event_type === "tool_use_start" && start.data.diffs).toEqual(diffs);
  });
});

const permission = (status: string, more: object = {}): Given => ({
  type: status === "requested" ? "permission.requested" : "permission.resolved",
  data: {
    permission_id: "p1",
    action: "Bash",
    status,
    metadata: { toolName: "Bash", input: { command: "ls" } },
    ...more,
  },
});

describe("permissions", () => {
  test.each([
    ["approved", true, "once"],
    ["denied", false, "reject"],
    ["accept", true, "once"],
    ["accept_for_session", true, "always"],
    ["reject", false, "reject"],
  ])("the status %s is understood", (status, approved, reply) => {
    const events = run([permission("requested"), turnEnded, permission(status)]);
    expect(events.at(-1)).toMatchObject({
      event_type: "permission_response",
      data: { request_id: "p1", approved, reply, state: "answered" },
    });
  });

  test("one that is resolved at once is told only together with its answer", () => {
    const memory = createMemory();
    expect(run([permission("requested")], memory)).toEqual([]);
    const events = run([permission("accept_for_session")], memory);
    expect(events.map(({ event_type }) => event_type)).toEqual(["permission_request", "permission_response"]);
    expect(events[1]).toMatchObject({ data: { state: "auto_resolved", reply: "always" } });
  });

  test("one that waits is shown with the next event, before it", () => {
    const events = run([permission("requested"), started("i1", []), delta("i1", "x")]);
    expect(events.map(({ event_type }) => event_type)).toEqual(["permission_request", "text_delta"]);
    expect(events[0]).toMatchObject({
      data: { request_id: "p1", tool_name: "Bash", tool_input: { command: "ls" } },
    });
  });

  test("one that was never asked is told with its request", () => {
    const events = run([permission("accept")]);
    expect(events.map(({ event_type }) => event_type)).toEqual(["permission_request", "permission_response"]);
  });
});

describe("the end of a turn", () => {
  const error: Given = { type: "error", data: { message: "No credits", code: "amp", details: null } };

  test.each<[string, Given[], object[]]>([
    ["told twice", [turnStarted, turnEnded, turnEnded], [completedTurn()]],
    [
      "session.ended by the agent",
      [turnStarted, { type: "session.ended", data: { reason: "completed" } }],
      [completedTurn()],
    ],
    [
      "terminated",
      [turnStarted, { type: "session.ended", data: { reason: "terminated" } }],
      [completedTurn("cancelled")],
    ],
    [
      "by an error",
      [turnStarted, error, turnEnded],
      [expect.objectContaining({ data: expect.objectContaining({ error: "No credits", code: "amp" }) })],
    ],
    [
      "an error that the agent got over",
      [turnStarted, error, completed("i1", [text("ok")]), turnEnded],
      [completedTurn()],
    ],
    [
      "a process that died",
      [
        turnStarted,
        {
          type: "session.ended",
          data: {
            reason: "error",
            message: "exited",
            exit_code: 1,
            stderr: { head: "a", tail: "z", truncated: true, total_lines: 99 },
          },
        },
      ],
      [
        expect.objectContaining({
          data: expect.objectContaining({ error: "exited", stderr: "a\n… (99 lines in all)\nz" }),
        }),
      ],
    ],
  ])("%s", (_, given, expected) => {
    const ends = run(given).filter(({ event_type }) => /^session_(completed|failed)$/.test(event_type));
    expect(ends).toEqual(expected);
  });

  test.each<[string, string, boolean, string[], boolean, number | null]>([
    ["the upstream will tell it", "claude", true, [], false, null],
    ["a person is asked", "mock", true, ["p1"], true, null],
    ["the mock stops after a request", "mock", true, [], true, 30_000],
    ["another agent goes on after a request", "claude", true, [], true, 900_000],
    ["an old server tells no turns", "claude", false, [], false, 60_000],
  ])("silence: %s", (_, agent, told, waiting, asked, expected) => {
    const memory = createMemory();
    Object.assign(openTurn(memory, "x"), { told, asked });
    for (const id of waiting) memory.waiting.add(id);
    expect(silenceLimit(agent, memory)).toBe(expected);
  });

  test("silence without a turn means nothing", () => {
    expect(silenceLimit("mock", createMemory())).toBeNull();
  });
});

describe("what Sandbar's own server adds", () => {
  test("a failed turn is told once, with its stderr", () => {
    const details = { stderr: "boom" };
    const events = run([
      turnStarted,
      { type: "error", data: { message: "No", code: "x", details } },
      turnEnded,
    ]);
    expect(events.slice(1)).toEqual([
      {
        event_type: "session_failed",
        data: { session_id: "", turn_id: null, error: "No", code: "x", stderr: "boom", duration_ms: null },
      },
    ]);
  });

  test("the end of a turn that is told again, or late, does not end the next one", () => {
    const memory = createMemory();
    const turn = (type: string, turn_id: string): Given => ({ type, data: { turn_id } });
    run([turn("turn.started", "t1"), turn("turn.ended", "t1")], memory);
    openTurn(memory, "next");
    expect(run([turn("turn.ended", "t1")], memory)).toEqual([]);
    expect(run([turn("turn.started", "t2"), turn("turn.ended", "t1")], memory)).toEqual([]);
    expect(run([turn("turn.ended", "t2")], memory)).toEqual([completedTurn()]);
  });

  test("the end of a turn brings its measures", () => {
    const metadata = { stop_reason: "max_tokens", duration_ms: 5, cost_usd: 0.1, usage: { used: 3 } };
    const events = run([turnStarted, { type: "turn.ended", data: { phase: "ended", metadata } }]);
    expect(events.slice(1)).toMatchObject([
      { event_type: "usage_updated", data: { used: 3 } },
      { data: { stop_reason: "max_tokens", duration_ms: 5, cost_usd: 0.1 } },
    ]);
  });

  test("a plan is a plan again, and told once", () => {
    const plan = [{ type: "status", label: "plan: in_progress", detail: "one" }];
    const given = [started, completed].map((make) => make("i1", plan, { kind: "status", role: "system" }));
    const entries = [{ content: "one", priority: "medium", status: "in_progress" }];
    expect(run(given)).toEqual([{ event_type: "plan_updated", data: { entries } }]);
  });

  test("an image that travels in its address is shown", () => {
    const [event] = run([completed("i1", [{ type: "image", path: "data:image/png;base64,AA==" }])]);
    expect(event).toMatchObject({
      data: { content: [{ type: "image", media_type: "image/png", data: "AA==" }] },
    });
  });

  test("a call under another names it", () => {
    const inner = { ...call, call_id: "c2" };
    const more = { kind: "tool_call" };
    const [, event] = run([
      started("i1", [call], more),
      started("i2", [inner], { ...more, parent_id: "i1" }),
    ]);
    expect(event).toMatchObject({ data: { id: "c2", parent_id: "c1" } });
  });

  test("questions and answers are whole", () => {
    const questions = [
      { id: "a", question: "Which?", kind: "multiple", options: [{ value: "1", label: "One" }] },
    ];
    const data = { question_id: "q1", prompt: "Which?", options: ["One"], response: "One", questions };
    const [asked, answered] = run([
      { type: "question.requested", data: { ...data, status: "requested" } },
      { type: "question.resolved", data: { ...data, status: "answered", answers: [["1", "2"]] } },
    ]);
    expect(asked).toMatchObject({ data: { questions: [{ kind: "multiple", options: [{ value: "1" }] }] } });
    expect(answered).toMatchObject({ data: { answers: [["1", "2"]], state: "answered" } });
  });
});

test("the own prompt is not told, another client's is", () => {
  const memory = createMemory();
  openTurn(memory, "mine");
  const own = [turnStarted, started("i1", [text("mine")], user), completed("i1", [text("mine")], user)];
  expect(run(own, memory)).toEqual([]);
  expect(run([completed("i2", [text("theirs")], user)], memory)).toMatchObject([
    { event_type: "user_message", data: { message_id: "i2" } },
  ]);
});

test("whatever comes, in whatever order, every turn ends at most once and nothing throws", () => {
  const content = fc.array(
    fc.constantFrom(
      text("a"),
      text("b"),
      call,
      result,
      { type: "json", json: 1 },
      { type: "reasoning", text: "r" },
      7,
    ),
    { maxLength: 3 },
  );
  const id = fc.constantFrom("i1", "i2");
  const kind = fc.constantFrom("message", "tool_call", "tool_result", "status", "system", "unknown", "new");
  const given = fc.oneof(
    fc.constantFrom(turnStarted, turnEnded, permission("requested"), permission("accept"), {
      type: "x",
      data: null,
    }),
    fc.tuple(id, content, kind).map(([id, content, kind]) => started(id, content, { kind })),
    fc.tuple(id, content, kind).map(([id, content, kind]) => completed(id, content, { kind })),
    fc.tuple(id, fc.constantFrom("a", "b")).map(([id, value]) => delta(id, value)),
  );
  fc.assert(
    fc.property(fc.array(given, { maxLength: 30 }), (events) => {
      let open = 0;
      for (const { event_type } of run(events)) {
        if (event_type === "turn_started") open += 1;
        if (event_type === "session_completed" || event_type === "session_failed") open -= 1;
        expect(open === 0 || open === 1).toBe(true);
      }
    }),
  );
});
