import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DomainEvent } from "#src/domain/event.ts";
import { arbitraryEvent } from "#src/testing/arbitrary-events.ts";
import { mapEnvelope } from "./map.ts";
import { mapHistory } from "./map-message.ts";
import { createMemory, type Flavour, openTurn, type SessionMemory } from "./memory.ts";
import { createSteps } from "./map-provisioning.ts";

type Given = [type: string, data: unknown];
const AT = "2026-03-01T10:00:00.000Z";

function run(given: readonly Given[], memory: SessionMemory = memoryOf("plain")): DomainEvent[] {
  return given.flatMap(([event_type, data], index) =>
    mapEnvelope({ id: `e${index}`, session_id: "s1", event_type, data, timestamp: AT }, memory),
  );
}

/** A session whose turn runs, by a prompt of this client's. */
function memoryOf(flavour: Flavour, prompt = "mine"): SessionMemory {
  const memory = createMemory("s1", flavour);
  openTurn(memory, prompt);
  return memory;
}

const end = (more: object = {}) => ({
  event_type: "session_completed",
  data: {
    session_id: "",
    turn_id: null,
    stop_reason: "end_turn",
    duration_ms: null,
    cost_usd: null,
    ...more,
  },
});
const types = (events: DomainEvent[]) => events.map(({ event_type }) => event_type);

describe("shapes of the first server (spec 4, SOURCE) and of the documents (DOC)", () => {
  test.each<[string, Given[], object[]]>([
    [
      "a call whose input streams without its id",
      [
        ["tool_use_start", { id: "t1", name: "Bash", input: {}, streaming: true }],
        ["tool_input_delta", { partial_json: '{"a"', index: 1 }],
      ],
      [
        {
          event_type: "tool_use_start",
          data: {
            id: "t1",
            name: "Bash",
            parent_id: null,
            kind: "execute",
            status: "in_progress",
            input: {},
          },
        },
        { event_type: "tool_input_delta", data: { id: "t1", partial_json: '{"a"' } },
      ],
    ],
    [
      "a hook that names only the tool",
      [
        ["tool_use_start", { id: "t1", name: "Bash" }],
        ["tool_progress", { hook: "PostToolUse", tool_name: "Bash", completed: true }],
      ],
      [
        expect.objectContaining({ event_type: "tool_use_start" }),
        { event_type: "tool_use_complete", data: { id: "t1" } },
      ],
    ],
    [
      "a sub-agent",
      [
        ["subagent_start", { id: "a1", name: "Task", input: { prompt: "p" } }],
        ["subagent_end", { id: "a1" }],
      ],
      [
        expect.objectContaining({ data: expect.objectContaining({ id: "a1", kind: "subagent" }) }),
        { event_type: "tool_use_complete", data: { id: "a1" } },
      ],
    ],
    [
      "the end with its usage",
      [
        ["text_delta", { text: "Hi" }],
        [
          "text_complete",
          { text: "Hi", stop_reason: "max_tokens", cost_usd: 0.5, usage: { input_tokens: 3 } },
        ],
        ["session_completed", { cost_usd: 0.5, duration_ms: 9, session_id: "agent" }],
      ],
      [
        { event_type: "text_delta", data: { text: "Hi" } },
        {
          event_type: "usage_updated",
          data: { input_tokens: 3, cost: { amount: 0.5, currency: "USD" } },
        },
        end({ stop_reason: "max_tokens", duration_ms: 9, cost_usd: 0.5 }),
      ],
    ],
    ["the documents' end", [["session_completed", { session_id: "s1" }]], [end()]],
    [
      "an end by an error",
      [["result_error", { error_type: "error_max_turns", message: "too many", duration_ms: 5 }]],
      [
        expect.objectContaining({
          data: expect.objectContaining({ error: "too many", code: "error_max_turns", duration_ms: 5 }),
        }),
      ],
    ],
    [
      "the documents' failure",
      [["session_failed", { session_id: "s1", error: "crashed" }]],
      [expect.objectContaining({ data: expect.objectContaining({ error: "crashed" }) })],
    ],
    [
      "a second end",
      [
        ["session_completed", {}],
        ["session_completed", {}],
      ],
      [end()],
    ],
    [
      "the agent's protocol as log lines",
      [
        ["log_line", { line: '{"type":"x"}', stream: "stdout" }],
        ["log_line", { line: "plain", stream: "stdout" }],
        ["log_line", { hook: "free form" }],
      ],
      [
        { event_type: "log_line", data: { line: "plain", stream: "stdout" } },
        { event_type: "log_line", data: { line: '{"hook":"free form"}', stream: "system" } },
      ],
    ],
    [
      "a type that nobody knows",
      [["moon_rose", { phase: 1 }]],
      [
        {
          event_type: "unparsed",
          data: expect.objectContaining({ location: "moon_rose", raw: { phase: 1 } }),
        },
      ],
    ],
  ])("%s", (_, given, expected) => {
    expect(run(given)).toEqual(expected);
  });

  test("a text that was told by deltas is not told again, a different one replaces it", () => {
    const deltas: Given[] = [
      ["text_delta", { text: "Look." }],
      ["tool_use_start", { id: "t", name: "X" }],
      ["text_delta", { text: "Done." }],
    ];
    for (const text of ["Done.", "Look.Done."]) {
      expect(types(run([...deltas, ["text_complete", { text }]]))).not.toContain("text_complete");
    }
    expect(run([...deltas, ["text_complete", { text: "Done!" }]]).at(-1)).toEqual({
      event_type: "text_complete",
      data: { text: "Done!" },
    });
  });

  test("a permission names its call, its two answers and when it counts as refused", () => {
    const [, request] = run([
      ["tool_use_start", { id: "t1", name: "Bash" }],
      [
        "permission_request",
        { request_id: "r1", tool_name: "Bash", tool_input: { command: "ls" }, risk_level: "high" },
      ],
    ]);
    expect(request).toMatchObject({
      data: {
        request_id: "r1",
        tool_use_id: "t1",
        risk_level: "high",
        options: [{ kind: "allow_once" }, { kind: "reject_once" }],
        expires_at: "2026-03-01T10:05:00.000Z",
      },
    });
  });

  test("a question keeps its header, its choices and whether many may be picked", () => {
    const options = [{ label: "Red", description: "warm" }];
    const questions = [{ question: "Color?", header: "H", multiSelect: true, options }, { question: "Why?" }];
    expect(
      run([["user_input_request", { request_id: "r1", tool_use_id: "t1", questions }]])[0],
    ).toMatchObject({
      data: {
        questions: [
          { header: "H", kind: "multiple", options: [{ value: "Red", description: "warm" }] },
          { kind: "text", options: [] },
        ],
      },
    });
    expect(types(run([["user_input_request", { questions }]]))).toEqual(["unparsed"]);
  });
});

describe("whose turn it is", () => {
  test("another client's work opens a turn, with the prompt from the server's queue", () => {
    const memory = createMemory("s1", "plain");
    const queue = [{ id: "q1", prompt_text: "theirs", queued_at: AT }];
    const given: Given[] = [
      ["queue_updated", { queue, queue_length: 1 }],
      ["text_delta", { text: "Hi" }],
      ["session_completed", {}],
    ];
    const events = run(given, memory);
    expect(types(events)).toEqual(["user_message", "turn_started", "text_delta", "session_completed"]);
    expect(events[0]).toMatchObject({ data: { message_id: "q1", content: [{ text: "theirs" }] } });
  });

  test("the own prompt is not told, another's in the same turn is", () => {
    const message = (text: string): Given => [
      "user_message",
      { message_id: text, content: [{ type: "text", text }], turn_id: "t" },
    ];
    const given: Given[] = [
      message("mine"),
      ["turn_started", { turn_id: "t", message_id: null }],
      message("theirs"),
    ];
    expect(run(given, memoryOf("sandbar"))).toMatchObject([
      { event_type: "user_message", data: { message_id: "theirs", turn_id: null } },
    ]);
  });

  test("events of the sandbox and of other sessions are not this session's", () => {
    const memory = memoryOf("plain");
    for (const session_id of [null, "s2"]) {
      const envelope = { id: "1", session_id, event_type: "text_delta", data: { text: "x" }, timestamp: AT };
      expect(mapEnvelope(envelope, memory)).toEqual([]);
    }
  });
});

/** What is Sandbar's to say: its own turns, queue and lists. */
const OWN =
  /^(user_message|turn_started|session_completed|session_failed|queue_updated|stop_requested|session_created|sandbox_.*|provisioning_.*|backend_state_changed|list_changed)$/;

test("what another Sandbar sends passes without loss", () => {
  fc.assert(
    fc.property(arbitraryEvent, (event) => {
      fc.pre(!OWN.test(event.event_type));
      const sent: unknown = JSON.parse(JSON.stringify(event.data));
      const [mapped, ...more] = run([[event.event_type, sent]], memoryOf("sandbar"));
      expect(more).toEqual([]);
      expect(mapped?.event_type).toBe(event.event_type);
      expect(JSON.parse(JSON.stringify(mapped?.data))).toEqual(sent);
    }),
    { numRuns: 500 },
  );
});

test("whatever comes, a turn ends at most once and nothing throws", () => {
  const type = fc.oneof(
    fc.constantFrom(
      "session_completed",
      "session_failed",
      "result_error",
      "text_delta",
      "text_complete",
      "queue_updated",
    ),
    fc.string(),
  );
  const data = fc.oneof(fc.jsonValue(), fc.constant({ text: "a" }), fc.constant({ error: "x" }));
  fc.assert(
    fc.property(fc.array(fc.tuple(type, data), { maxLength: 20 }), (given) => {
      let open = 1;
      for (const event_type of types(run(given))) {
        if (event_type === "turn_started") open += 1;
        if (event_type === "session_completed" || event_type === "session_failed") open -= 1;
        expect(open === 0 || open === 1).toBe(true);
      }
    }),
  );
});

test("stored messages become events, each answer a turn that ended", () => {
  const content = [
    { type: "text", text: "Look." },
    { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" }, agent_name: "sub" },
    { type: "tool_result", tool_use_id: "t1", content: "a.ts" },
    { type: "hologram" },
  ];
  const events = mapHistory(
    [
      { id: "m1", role: "user", content: [{ type: "text", text: "go" }] },
      { id: "m2", role: "assistant", content },
      { id: "m3", role: "user", content: [{ type: "text", text: "more" }] },
      { id: "m4", role: "assistant", content: [] },
    ],
    true,
  );
  expect(types(events)).toEqual([
    "user_message",
    "text_complete",
    "tool_use_start",
    "tool_result",
    "unparsed",
    "session_completed",
    "user_message",
  ]);
});

test("a step of the first server is done when the next begins", () => {
  const steps = createSteps();
  const take = (event_type: string, data: unknown) =>
    steps.take({ id: "1", event_type, data }).map(({ data }) => data);
  expect(take("provisioning_step", { step: "validate", detail: "d" })).toEqual([
    { step: "validate", status: "started", detail: "d" },
  ]);
  expect(take("provisioning_step", { step: "start_sandbox" })).toMatchObject([
    { step: "validate", status: "done" },
    { step: "start_sandbox", status: "started" },
  ]);
  expect(take("provisioning_failed", { error: "no image" })).toEqual([
    { step: "start_sandbox", status: "failed", detail: "no image" },
  ]);
  expect(steps.failure()).toBe("no image");
});
