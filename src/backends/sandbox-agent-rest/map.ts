import * as z from "zod";
import { type DomainEvent, eventData, type EventData } from "#src/domain/event.ts";
import { mapItemCompleted, mapItemDelta, mapItemStarted, mapUnfinished, unparsed } from "./map-item.ts";
import {
  holdPermission,
  mapQuestion,
  releaseHeld,
  resolvePermission,
  resolveQuestion,
} from "./map-request.ts";
import { openTurn, type SessionMemory } from "./memory.ts";
import { KnownEvent, type SessionEnded, type Stderr, type UniversalEvent } from "./wire.ts";

/**
 * One universal event as domain events (spec 3). `memory` is read and advanced. A type or shape that is not known
 * becomes `unparsed`.
 */
export function mapEvent(raw: UniversalEvent, memory: SessionMemory): DomainEvent[] {
  const parsed = KnownEvent.safeParse(raw);
  const known = parsed.success ? parsed.data : null;
  const released = known && settlesHeld(known, memory) ? [] : releaseHeld(memory);
  if (!known)
    return [...released, unparsed(`An event "${raw.type}" of an unknown type or shape.`, raw.type, raw)];
  const recovered = known.type.startsWith("item.") || known.type.endsWith(".requested");
  if (recovered && memory.turn) memory.turn.error = null;
  return [...released, ...mapKnown(known, raw, memory)];
}

/** Whether the event is the one that something is held for: it tells both. */
function settlesHeld(event: KnownEvent, { held }: SessionMemory): boolean {
  if (event.type === "permission.resolved") return event.data.permission_id === held?.permission_id;
  return event.type === "turn.ended" && held?.permission_id === null;
}

function mapKnown(event: KnownEvent, raw: UniversalEvent, memory: SessionMemory): DomainEvent[] {
  switch (event.type) {
    case "session.started":
      // What it says was asked for; the session's options show it.
      return [];
    case "turn.started":
      return turnStarted(event.data.turn_id ?? null, memory);
    case "turn.ended":
      return turnEnded(event.data, memory);
    case "session.ended":
      return sessionEnded(event.data, memory);
    case "item.started":
      return mapItemStarted(event.data.item, memory);
    case "item.delta":
      return mapItemDelta(event.data.item_id, event.data.delta, memory);
    case "item.completed":
      return mapItemCompleted(event.data.item, memory);
    case "error":
      return mapError(event.data, memory);
    case "permission.requested":
      holdPermission(event.data, memory);
      return [];
    case "permission.resolved":
      return resolvePermission(event.data, memory);
    case "question.requested":
      return mapQuestion(event.data, memory);
    case "question.resolved":
      return resolveQuestion(event.data, memory);
    case "agent.unparsed":
      return [unparsed(event.data.error, event.data.location ?? null, event.raw ?? raw["data"])];
    default:
      return event satisfies never;
  }
}

const ErrorDetails = z.strictObject({ stderr: z.string() });

/** An error is held for the next event: when that ends the turn, it is why, and the failure says all of it. */
function mapError(data: ErrorData, memory: SessionMemory): DomainEvent[] {
  const { message, details } = data;
  const code = data.code ?? null;
  const stderr = ErrorDetails.safeParse(details).data?.stderr ?? null;
  const told = details !== null && details !== undefined;
  const event: DomainEvent = { event_type: "error", data: { code, message, ...(told && { details }) } };
  if (!memory.turn) return [event];
  memory.turn.error = { message, code, stderr };
  if (told && stderr === null) return [event];
  memory.held = { permission_id: null, events: [event] };
  return [];
}

type ErrorData = Extract<KnownEvent, { type: "error" }>["data"];

function turnStarted(turn_id: string | null, memory: SessionMemory): DomainEvent[] {
  const foreign = memory.turn === null;
  const turn = memory.turn ?? openTurn(memory, null);
  turn.told = true;
  turn.turn_id = turn_id ?? turn.turn_id;
  return foreign ? [{ event_type: "turn_started", data: { turn_id: "", message_id: null } }] : [];
}

const number = z.number().nullish().catch(null);

/** What Sandbar's own server adds to the end of a turn. */
const TurnMetadata = z.looseObject({
  stop_reason: z.string().optional().catch(undefined),
  duration_ms: number,
  cost_usd: number,
  usage: eventData.usage_updated.optional().catch(undefined),
});

/**
 * OpenCode may end a turn twice, and an end may come after silence was taken for it: only the first counts, and only for
 * the turn it names. A prompt that was just sent has no id of its own yet.
 */
function turnEnded(
  data: { turn_id?: string | null; metadata?: unknown },
  memory: SessionMemory,
): DomainEvent[] {
  const { turn } = memory;
  if (!turn || isOfAnotherTurn(data.turn_id, turn.turn_id, memory.ended_turn_id)) return [];
  memory.held = null;
  const told = TurnMetadata.safeParse(data.metadata).data;
  const duration_ms = told?.duration_ms ?? null;
  const { error } = turn;
  if (error)
    return failTurn({ error: error.message, code: error.code, stderr: error.stderr, duration_ms }, memory);
  const stop_reason = told?.stop_reason ?? (turn.aborted ? "cancelled" : "end_turn");
  const end = completeTurn(stop_reason, memory, { duration_ms, cost_usd: told?.cost_usd ?? null });
  const usage = told?.usage ?? {};
  if (Object.keys(usage).length === 0) return end;
  return [{ event_type: "usage_updated", data: usage }, ...end];
}

function isOfAnotherTurn(
  named: string | null | undefined,
  current: string | null,
  ended: string | null,
): boolean {
  if (!named) return false;
  return current === null ? named === ended : named !== current;
}

function sessionEnded(data: SessionEnded, memory: SessionMemory): DomainEvent[] {
  if (data.reason === "error") {
    const exit = typeof data.exit_code === "number" ? ` (exit code ${data.exit_code})` : "";
    const error = data.message ?? `The agent's process ended${exit}.`;
    const failure = {
      error,
      code: memory.turn?.error?.code ?? "agent_exited",
      stderr: stderrOf(data.stderr),
      duration_ms: null,
    };
    return failTurn(failure, memory);
  }
  const terminated = data.reason === "terminated";
  const ended = memory.turn ? completeTurn(terminated ? "cancelled" : "end_turn", memory) : [];
  const change = terminated ? "The session was ended on the server." : "The agent ended the session.";
  return [...ended, { event_type: "session_updated", data: { change } }];
}

function stderrOf(stderr: Stderr | null | undefined): string | null {
  if (!stderr) return null;
  const { head, tail, truncated, total_lines } = stderr;
  const cut = truncated ? `… (${total_lines ?? "many"} lines in all)` : null;
  return [head, cut, tail].filter(Boolean).join("\n") || null;
}

/** Ends the open turn as done. `stop_reason` is a domain word, or the upstream's own. */
export function completeTurn(
  stop_reason: string,
  memory: SessionMemory,
  measured: Pick<EventData["session_completed"], "duration_ms" | "cost_usd"> = {
    duration_ms: null,
    cost_usd: null,
  },
): DomainEvent[] {
  const before = leaveTurn(memory);
  const data = { session_id: "", turn_id: null, stop_reason, ...measured };
  return [...before, { event_type: "session_completed", data }];
}

type Failure = Pick<EventData["session_failed"], "error" | "code" | "stderr" | "duration_ms">;

function failTurn(failure: Failure, memory: SessionMemory): DomainEvent[] {
  const before = leaveTurn(memory);
  const data = { session_id: "", turn_id: null, ...failure };
  return [...before, { event_type: "session_failed", data }];
}

function leaveTurn(memory: SessionMemory): DomainEvent[] {
  const events = mapUnfinished(memory);
  memory.ended_turn_id = memory.turn?.turn_id ?? memory.ended_turn_id;
  memory.turn = null;
  memory.waiting.clear();
  memory.calls.clear();
  memory.native_calls.clear();
  memory.streaming = null;
  return events;
}
