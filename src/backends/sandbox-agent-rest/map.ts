import * as z from "zod";
import type { DomainEvent, EventData } from "#src/domain/event.ts";
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
  const resolves =
    known?.type === "permission.resolved" && known.data.permission_id === memory.held?.permission_id;
  const released = resolves ? [] : releaseHeld(memory);
  if (!known)
    return [...released, unparsed(`An event "${raw.type}" of an unknown type or shape.`, raw.type, raw)];
  const recovered = known.type.startsWith("item.") || known.type.endsWith(".requested");
  if (recovered && memory.turn) memory.turn.error = null;
  return [...released, ...mapKnown(known, raw, memory)];
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
    case "error": {
      const { message, details } = event.data;
      const code = event.data.code ?? null;
      if (memory.turn) memory.turn.error = { message, code };
      return [{ event_type: "error", data: { code, message, ...(details != null && { details }) } }];
    }
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

function turnStarted(turn_id: string | null, memory: SessionMemory): DomainEvent[] {
  const foreign = memory.turn === null;
  const turn = memory.turn ?? openTurn(memory, null);
  turn.told = true;
  turn.turn_id = turn_id ?? turn.turn_id;
  return foreign ? [{ event_type: "turn_started", data: { turn_id: "", message_id: null } }] : [];
}

const TurnMetadata = z.looseObject({ stop_reason: z.string().optional() });

/** OpenCode may end a turn twice; only the first counts, and only for the turn it names. */
function turnEnded(
  data: { turn_id?: string | null; metadata?: unknown },
  memory: SessionMemory,
): DomainEvent[] {
  const { turn } = memory;
  if (!turn || (data.turn_id && turn.turn_id && data.turn_id !== turn.turn_id)) return [];
  if (turn.error) return failTurn({ error: turn.error.message, code: turn.error.code, stderr: null }, memory);
  const told = TurnMetadata.safeParse(data.metadata).data?.stop_reason;
  return completeTurn(told ?? (turn.aborted ? "cancelled" : "end_turn"), memory);
}

function sessionEnded(data: SessionEnded, memory: SessionMemory): DomainEvent[] {
  if (data.reason === "error") {
    const exit = typeof data.exit_code === "number" ? ` (exit code ${data.exit_code})` : "";
    const error = data.message ?? `The agent's process ended${exit}.`;
    const failure = {
      error,
      code: memory.turn?.error?.code ?? "agent_exited",
      stderr: stderrOf(data.stderr),
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
export function completeTurn(stop_reason: string, memory: SessionMemory): DomainEvent[] {
  const before = leaveTurn(memory);
  const data = { session_id: "", turn_id: null, stop_reason, duration_ms: null, cost_usd: null };
  return [...before, { event_type: "session_completed", data }];
}

type Failure = Pick<EventData["session_failed"], "error" | "code" | "stderr">;

function failTurn(failure: Failure, memory: SessionMemory): DomainEvent[] {
  const before = leaveTurn(memory);
  const data = { session_id: "", turn_id: null, ...failure, duration_ms: null };
  return [...before, { event_type: "session_failed", data }];
}

function leaveTurn(memory: SessionMemory): DomainEvent[] {
  const events = mapUnfinished(memory);
  memory.turn = null;
  memory.waiting.clear();
  memory.calls.clear();
  memory.native_calls.clear();
  memory.streaming = null;
  return events;
}
