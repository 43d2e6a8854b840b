import * as fc from "fast-check";
import { StopReason, ToolKind, ToolStatus } from "#src/domain/event.ts";
import type { DomainEvent, Envelope, EventData, EventType } from "#src/domain/event.ts";
import type { Question } from "#src/domain/request.ts";

/**
 * Arbitrary events for property tests. Ids come from small pools, so that events often mean the same block, call,
 * request or turn, and often in an order that no sane agent would send.
 */

const word = fc.constantFrom("one", "two", "alpha", "a b", "", "# head\n", "é😀", "{", '"}');
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const block_id = optional(fc.constantFrom("b1", "b2", "b3"));
const tool_id = fc.constantFrom("t1", "t2", "t3", "t4", "__proto__");
const request_id = fc.constantFrom("r1", "r2", "r3");
const turn_id = fc.constantFrom("turn1", "turn2", "turn3");
const message_id = fc.constantFrom("m1", "m2", "m3");
const session_id = fc.constant("s1");
/** Any value as JSON brings it: a minus zero, for one, does not come through. */
const json: fc.Arbitrary<unknown> = fc
  .jsonValue({ maxDepth: 1 })
  .map((value) => JSON.parse(JSON.stringify(value)));
const timestamp = fc.constantFrom("2026-03-01T10:00:00.000Z", "2026-03-01T10:00:05.250Z");
const actor = fc.record({ name: fc.constantFrom("ana", "ci"), client: nullable(fc.constant("browser")) });
const path = fc.constantFrom("/w/a.ts", "/w/b.ts", "c d.txt");

const contentBlock = fc.oneof(
  fc.record({ type: fc.constant("text" as const), text: word }),
  fc.record({
    type: fc.constant("image" as const),
    media_type: fc.constant("image/png"),
    data: fc.constant("AA=="),
  }),
  fc.record({ type: fc.constant("file" as const), name: path }),
);
const content = fc.array(contentBlock, { maxLength: 2 });
const diff = fc.record({ path, old_text: nullable(word), new_text: word });
const input = fc.oneof(
  fc.constant({}),
  fc.record({ command: word }),
  fc.record({ file_path: path }),
  fc.record({ command: fc.constant(["bash", "-lc", "ls"]) }),
  json,
);

const toolFields = {
  title: optional(word),
  kind: optional(fc.constantFrom(...ToolKind.options)),
  status: optional(fc.constantFrom(...ToolStatus.options)),
  input: optional(input),
  output: optional(word),
  output_delta: optional(word),
  raw_output: optional(json),
  exit_code: optional(nullable(fc.integer({ min: 0, max: 3 }))),
  directory: optional(fc.constant("/w")),
  locations: optional(fc.array(fc.record({ path, line: nullable(fc.nat(9)) }), { maxLength: 2 })),
  diffs: optional(fc.array(diff, { maxLength: 1 })),
  content: optional(content),
};

const option = fc.record({
  id: fc.constantFrom("once", "no"),
  kind: fc.constantFrom("allow_once" as const, "reject_once" as const),
  name: word,
});
const question = fc.record({
  id: fc.constant("q"),
  header: nullable(word),
  question: word,
  kind: fc.constantFrom<Question["kind"]>("single", "multiple", "text"),
  options: fc.constant<Question["options"]>([{ value: "red", label: "Red", description: null }]),
  allow_other: fc.boolean(),
  required: fc.boolean(),
});

/** One arbitrary for the data of every event type; a new type without one does not compile. */
export const arbitraryData: { [T in EventType]: fc.Arbitrary<EventData[T]> } = {
  user_message: fc.record({ message_id, content, turn_id: nullable(turn_id), author: nullable(word) }),
  turn_started: fc.record({ turn_id, message_id: nullable(message_id) }),
  text_delta: fc.record({ text: word, block_id }),
  text_complete: fc.record({ text: word, block_id }),
  thinking_delta: fc.record({ text: word, block_id }),
  message_content: fc.record({ block_id, content }),
  tool_use_start: fc.record({ id: tool_id, name: word, parent_id: nullable(tool_id), ...toolFields }),
  tool_input_delta: fc.record({
    id: tool_id,
    partial_json: fc.constantFrom('{"a":', '"}"', "}", "1}", "[1]"),
  }),
  tool_update: fc.record({ id: tool_id, name: optional(word), ...toolFields }),
  tool_progress: fc.record({ tool_use_id: tool_id, progress: fc.oneof(word, json) }),
  tool_result: fc.record({ tool_use_id: tool_id, content: word, is_error: fc.boolean() }),
  tool_use_complete: fc.record({ id: tool_id }),
  plan_updated: fc.record({
    entries: fc.array(
      fc.record({
        content: word,
        priority: fc.constantFrom("high" as const, "low" as const),
        status: fc.constantFrom("pending" as const, "completed" as const),
      }),
      { maxLength: 2 },
    ),
  }),
  usage_updated: fc.record({ used: fc.nat(9), size: nullable(fc.nat(9)) }, { requiredKeys: [] }),
  file_changed: fc.record({ tool_name: word, file_path: path, action: fc.constant("edited") }),
  permission_request: fc.record({
    request_id,
    turn_id: nullable(turn_id),
    tool_use_id: nullable(tool_id),
    tool_name: word,
    title: word,
    tool_input: input,
    risk_level: nullable(fc.constant("high" as const)),
    directory: nullable(fc.constant("/w")),
    diffs: fc.array(diff, { maxLength: 1 }),
    options: fc.array(option, { maxLength: 2 }),
    message_supported: fc.boolean(),
    expires_at: fc.constant(null),
  }),
  permission_response: fc.record({
    request_id,
    tool_name: word,
    approved: fc.boolean(),
    reply: nullable(fc.constantFrom("once" as const, "always" as const, "reject" as const)),
    option_name: nullable(word),
    message: nullable(word),
    state: fc.constantFrom("answered" as const, "expired" as const, "auto_resolved" as const),
    by: nullable(actor),
  }),
  user_input_request: fc.record({
    request_id,
    turn_id: nullable(turn_id),
    tool_use_id: nullable(tool_id),
    title: word,
    questions: fc.array(question, { maxLength: 2 }),
    expires_at: fc.constant(null),
  }),
  user_input_response: fc.record({
    request_id,
    answers: nullable(fc.constant([["Red"]])),
    state: fc.constantFrom("answered" as const, "rejected" as const, "expired" as const),
    by: nullable(actor),
  }),
  queue_updated: fc.record({ queue: fc.constant([]), queue_length: fc.constant(0) }),
  stop_requested: fc.record({ turn_id, by: nullable(actor) }),
  session_completed: fc.record({
    session_id,
    turn_id: nullable(turn_id),
    stop_reason: fc.constantFrom(...StopReason.options, "something_new"),
    duration_ms: nullable(fc.nat()),
    cost_usd: fc.constant(null),
  }),
  session_failed: fc.record({
    session_id,
    turn_id: nullable(turn_id),
    error: word,
    code: nullable(word),
    stderr: nullable(word),
    duration_ms: nullable(fc.nat()),
  }),
  error: fc.record({ code: nullable(word), message: word, details: optional(json) }),
  log_line: fc.record({ line: word, stream: fc.constantFrom("stdout", "stderr") }),
  unparsed: fc.record({ error: word, location: nullable(word), raw: json }),
  session_created: fc.record({ session_id, agent: fc.constant("mock"), title: word }),
  session_updated: fc.record(
    {
      title: word,
      state: fc.constantFrom("active" as const, "processing" as const),
      options: fc.constant([]),
      commands: fc.constant([]),
      change: word,
    },
    { requiredKeys: [] },
  ),
  sandbox_created: fc.record({ sandbox_id: fc.constant("x"), name: word }),
  sandbox_updated: fc.record({ name: optional(word) }),
  sandbox_state_changed: fc.record({
    from: fc.constant("running" as const),
    to: fc.constant("stopped" as const),
    detail: nullable(word),
  }),
  provisioning_step: fc.record({ step: word, status: fc.constant("done" as const), detail: nullable(word) }),
  provisioning_complete: fc.record({ sandbox_id: fc.constant("x") }),
  provisioning_failed: fc.record({ error: word, step: nullable(word) }),
  backend_state_changed: fc.record({
    backend_id: fc.constant("b"),
    from: fc.constant("online" as const),
    to: fc.constant("offline" as const),
    detail: nullable(word),
  }),
  list_changed: fc.record({ list: fc.constant("secrets" as const) }),
};

/** How often a type is drawn, where it is not 1: what opens, fills and ends rows comes most. */
const weights: Partial<Record<EventType, number>> = {
  text_delta: 8,
  text_complete: 3,
  thinking_delta: 4,
  tool_use_start: 8,
  tool_update: 8,
  tool_result: 4,
  permission_request: 4,
  permission_response: 4,
  unparsed: 6,
  turn_started: 2,
  log_line: 3,
};

const types = Object.keys(arbitraryData) as EventType[]; // its keys are exactly the event types, by its declared type

/** One event of one type. */
export function arbitraryEventOf(type: EventType): fc.Arbitrary<DomainEvent> {
  const data: fc.Arbitrary<unknown> = arbitraryData[type];
  // That a type goes with its own data is what DomainEvent means; the table above says so, TypeScript forgets it here.
  return data.map((data) => ({ event_type: type, data }) as DomainEvent);
}

/** Any event, chosen by weight. */
export const arbitraryEvent: fc.Arbitrary<DomainEvent> = fc.oneof(
  ...types.map((type) => ({ weight: weights[type] ?? 1, arbitrary: arbitraryEventOf(type) })),
);

/** Stored events of one session in the order of the log, their ids rising with gaps. */
export function arbitraryEnvelopes(
  constraints: { minLength?: number; maxLength?: number } = {},
  event: fc.Arbitrary<DomainEvent> = arbitraryEvent,
): fc.Arbitrary<Envelope[]> {
  const entry = fc.record({ event, timestamp, gap: fc.integer({ min: 1, max: 4 }) });
  return fc.array(entry, { size: "max", maxLength: 160, ...constraints }).map((entries) => {
    let id = 0;
    return entries.map(({ event, timestamp, gap }) => {
      id += gap;
      return { id: String(id), sandbox_id: "x", session_id: "s1", timestamp, ...event };
    });
  });
}
