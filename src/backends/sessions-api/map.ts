import { type DomainEvent, eventData, type EventData, type EventType } from "#src/domain/event.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import { textOf } from "#src/domain/text.ts";
import { mapMessage } from "./map-message.ts";
import { describeCall, mapSource } from "./map-source.ts";
import { openTurn, type SessionMemory, type TurnMemory } from "./memory.ts";
import { type Envelope, source } from "./wire.ts";

/** Of the sandbox, of lists, or kept by the server itself for its own sessions: nothing a link reports. */
const NOT_OURS: ReadonlySet<string> = new Set<EventType>([
  "session_created",
  "stop_requested",
  "sandbox_created",
  "sandbox_updated",
  "sandbox_state_changed",
  "provisioning_step",
  "provisioning_complete",
  "provisioning_failed",
  "backend_state_changed",
  "list_changed",
]);

/** Events that an agent at work sends: without an open turn they tell that another client's began. */
const WORK: ReadonlySet<EventType> = new Set<EventType>([
  "text_delta",
  "thinking_delta",
  "tool_use_start",
  "permission_request",
  "user_input_request",
]);

/**
 * One envelope as domain events. What is valid in Sandbar's own shape passes unchanged, so that one Sandbar shows
 * another without loss; else the first server's shapes are tried; the rest is `unparsed`.
 */
export function mapEnvelope(envelope: Envelope, memory: SessionMemory): DomainEvent[] {
  // Streams carry their sandbox's events too.
  if (envelope.session_id !== undefined && envelope.session_id !== memory.session_ref) return [];
  if (NOT_OURS.has(envelope.event_type)) return [];
  switch (envelope.event_type) {
    case "queue_updated":
      return queueUpdated(envelope.data, memory);
    case "text_complete":
      return textComplete(envelope, memory);
    case "session_completed":
    case "session_failed":
    case "result_error":
      return turnEnd(envelope, memory);
    case "turn_started":
      return turnStarted(memory);
    case "user_message":
      return userMessage(envelope, memory);
    default:
      return shown(parse(envelope, memory), memory);
  }
}

function parse(envelope: Envelope, memory: SessionMemory): DomainEvent[] {
  const known = asDomain(envelope);
  if (known) {
    if (memory.flavour === "plain" && isRawAgentLine(known)) return [];
    return [memory.flavour === "plain" ? describeCall(known) : known];
  }
  return mapSource(envelope, memory) ?? [unknown(envelope)];
}

/** The event as the domain has it, when its data is valid there. */
function asDomain({ event_type, data }: Envelope): DomainEvent | null {
  if (!isEventType(event_type)) return null;
  const parsed = eventData[event_type].safeParse(data);
  // The pair is right by construction, which the type of a table lookup cannot say.
  return parsed.success ? ({ event_type, data: parsed.data } as DomainEvent) : null;
}

function isEventType(word: string): word is EventType {
  return Object.hasOwn(eventData, word);
}

/** The first server repeats every line of its agent's protocol; the events made of them say the same. */
function isRawAgentLine(event: DomainEvent): boolean {
  return (
    event.event_type === "log_line" &&
    event.data.stream === "stdout" &&
    /^\s*\{.*\}\s*$/s.test(event.data.line)
  );
}

function unknown(envelope: Envelope): DomainEvent {
  const { event_type, data } = envelope;
  const error = `An event "${event_type}" of an unknown type or shape.`;
  return { event_type: "unparsed", data: { error, location: event_type, raw: data } };
}

/** Keeps what later events need, and opens another client's turn when its work shows. */
function shown(events: DomainEvent[], memory: SessionMemory): DomainEvent[] {
  return events.flatMap((event) => {
    const opened = memory.turn === null && WORK.has(event.event_type) ? foreignTurn(memory) : [];
    remember(event, memory);
    return [...opened, event];
  });
}

function remember(event: DomainEvent, { turn, calls }: SessionMemory): void {
  if (turn && WORK.has(event.event_type)) {
    turn.shown = true;
    turn.error = null;
    turn.ending = null;
    turn.over = false;
  }
  switch (event.event_type) {
    case "text_delta":
      if (!turn) return;
      turn.text += event.data.text;
      turn.segment += event.data.text;
      return;
    case "tool_use_start":
      calls.set(event.data.id, event.data.name);
      if (turn) turn.segment = "";
      return;
    case "tool_result":
      calls.delete(event.data.tool_use_id);
      return;
    case "permission_response":
      // A refusal ends the first server's turn, with or without a word (spec 3).
      if (turn) turn.ending = event.data.approved ? null : "sure";
      return;
    case "error":
      if (turn) turn.error = { message: event.data.message, code: event.data.code };
      return;
    default:
      return;
  }
}

/** The first server tells no turns: the prompt of another client's is in its queue. */
function foreignTurn(memory: SessionMemory): DomainEvent[] {
  openTurn(memory, null);
  const started: DomainEvent = { event_type: "turn_started", data: { turn_id: "", message_id: null } };
  const prompt = memory.queued.shift();
  if (!prompt) return [started];
  const content: ContentBlock[] = [{ type: "text", text: prompt.text }];
  return [
    {
      event_type: "user_message",
      data: { message_id: prompt.id, content, turn_id: null, author: null },
    },
    started,
  ];
}

function turnStarted(memory: SessionMemory): DomainEvent[] {
  if (memory.turn) return [];
  openTurn(memory, null);
  return [{ event_type: "turn_started", data: { turn_id: "", message_id: null } }];
}

/** Another client's prompt; the upstream's copy of Sandbar's own is not told again. */
function userMessage(envelope: Envelope, memory: SessionMemory): DomainEvent[] {
  const event = asDomain(envelope);
  if (event?.event_type !== "user_message") return [unknown(envelope)];
  const { turn } = memory;
  if (turn && turn.prompt !== null && !turn.prompt_seen && isOwn(turn.prompt, event.data.content)) {
    turn.prompt_seen = true;
    return [];
  }
  if (!turn) openTurn(memory, null);
  return [{ event_type: "user_message", data: { ...event.data, turn_id: null } }];
}

/** An empty prompt is one of which only the files, or only its being open, is known. */
function isOwn(prompt: string, content: readonly ContentBlock[]): boolean {
  return prompt === "" || textOf(content).startsWith(prompt);
}

/** The server's own queue is not Sandbar's, but an empty one may be the only sign that a turn is over. */
function queueUpdated(data: unknown, memory: SessionMemory): DomainEvent[] {
  const parsed = source.queue_updated.safeParse(data).data;
  if (!parsed) return [];
  const { turn } = memory;
  for (const { id, prompt_text } of parsed.queue) {
    const own = turn?.prompt !== null && turn?.prompt === prompt_text;
    if (!own && !memory.queued.some((known) => known.id === id))
      memory.queued.push({ id, text: prompt_text });
  }
  if (turn && parsed.queue.length === 0) turn.ending = "sure";
  return [];
}

/** The first server's comes once a turn, with the last text or all of it, its usage and why it stopped. */
function textComplete(envelope: Envelope, memory: SessionMemory): DomainEvent[] {
  const parsed = source.text_complete.safeParse(envelope.data).data;
  if (!parsed) return [unknown(envelope)];
  const { text, block_id, stop_reason, usage, cost_usd } = parsed;
  const { turn } = memory;
  const repeats =
    memory.flavour === "plain" &&
    block_id === undefined &&
    turn !== null &&
    turn.text !== "" &&
    (text === turn.text || text === turn.segment);
  const events: DomainEvent[] = repeats
    ? []
    : [{ event_type: "text_complete", data: { text, ...(block_id !== undefined && { block_id }) } }];
  if (turn) {
    turn.shown = true;
    turn.segment = "";
    turn.stop_reason = stop_reason ?? turn.stop_reason;
  }
  if (!usage && typeof cost_usd !== "number") return events;
  const known: EventData["usage_updated"] = {};
  if (typeof usage?.input_tokens === "number") known.input_tokens = usage.input_tokens;
  if (typeof usage?.output_tokens === "number") known.output_tokens = usage.output_tokens;
  if (typeof usage?.cache_read_input_tokens === "number") known.cached_tokens = usage.cache_read_input_tokens;
  if (typeof cost_usd === "number") known.cost = { amount: cost_usd, currency: "USD" };
  return [...events, { event_type: "usage_updated", data: known }];
}

/** Only the first end of an open turn counts. */
function turnEnd(envelope: Envelope, memory: SessionMemory): DomainEvent[] {
  const { turn } = memory;
  if (!turn) return [];
  const end = endOf(envelope, turn);
  if (!end) return [unknown(envelope)];
  memory.turn = null;
  memory.calls.clear();
  return [end];
}

function endOf(envelope: Envelope, turn: TurnMemory): DomainEvent | null {
  const own = asDomain(envelope);
  const ids = { session_id: "", turn_id: null };
  if (own?.event_type === "session_completed")
    return { event_type: "session_completed", data: { ...own.data, ...ids } };
  if (own?.event_type === "session_failed")
    return { event_type: "session_failed", data: { ...own.data, ...ids } };
  switch (envelope.event_type) {
    case "session_completed": {
      const parsed = source.session_completed.safeParse(envelope.data).data;
      return parsed ? completed(turn, parsed.duration_ms ?? null, parsed.cost_usd ?? null) : null;
    }
    case "session_failed": {
      const parsed = source.session_failed.safeParse(envelope.data).data;
      return parsed ? failed(parsed.error, null) : null;
    }
    default: {
      const parsed = source.result_error.safeParse(envelope.data).data;
      if (!parsed) return null;
      const code = parsed.error_type ?? null;
      return failed(
        parsed.message ?? code ?? "The agent stopped with an error.",
        code,
        parsed.duration_ms ?? null,
      );
    }
  }
}

/**
 * The end of a turn of which no event told (spec 4, turn order): with the answer that only the POST returned, by its last
 * error, else as done.
 */
export function endSilently(memory: SessionMemory): DomainEvent[] {
  const { turn } = memory;
  if (!turn) return [];
  memory.turn = null;
  memory.calls.clear();
  const answer = turn.answer && !turn.shown ? mapMessage(turn.answer) : [];
  return [...answer, turn.error ? failed(turn.error.message, turn.error.code) : completed(turn, null, null)];
}

/** Claude's word for a normal stop is the domain's. */
function completed(turn: TurnMemory, duration_ms: number | null, cost_usd: number | null): DomainEvent {
  const stop_reason = turn.interrupted ? "cancelled" : (turn.stop_reason ?? "end_turn");
  return {
    event_type: "session_completed",
    data: { session_id: "", turn_id: null, stop_reason, duration_ms, cost_usd },
  };
}

function failed(error: string, code: string | null, duration_ms: number | null = null): DomainEvent {
  return {
    event_type: "session_failed",
    data: { session_id: "", turn_id: null, error, code, stderr: null, duration_ms },
  };
}
