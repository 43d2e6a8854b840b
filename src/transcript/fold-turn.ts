import type { EventData } from "#src/domain/event.ts";
import { elapsedMs } from "#src/lib/elapsed.ts";
import { settleTools } from "./fold-tool.ts";
import type { OpenTurn, RowOf } from "./rows.ts";
import type { Working } from "./working.ts";

/** A prompt; told again under the same id, it is the same row. */
export function foldUserMessage(w: Working, data: EventData["user_message"]): void {
  const known = w.recent((row) => row.kind === "user" && row.message_id === data.message_id);
  if (known) return w.change(known.first_event_id);
  const { message_id, content, author } = data;
  w.push({ kind: "user", message_id, content, author }, data.turn_id);
}

export function foldTurnStarted(w: Working, data: EventData["turn_started"]): void {
  if (w.turn_id === data.turn_id) return;
  if (w.turn_id !== null) settleTurn(w);
  const { timestamp: started_at } = w.event;
  w.patchView({ turn: { turn_id: data.turn_id, started_at, stopping: false, waited_ms: 0, asked_at: null } });
}

/** The turn that runs waits for somebody, from now on or already. */
export function beginWait(w: Working): void {
  const { turn } = w.view;
  if (turn && turn.asked_at === null) w.patchView({ turn: { ...turn, asked_at: w.event.timestamp } });
}

/** A request had its answer; what waits goes on once none is left. */
export function endWait(w: Working): void {
  const { turn } = w.view;
  if (turn && turn.asked_at !== null && w.liveRequests.isEmpty) {
    w.patchView({ turn: { ...turn, waited_ms: waitedBy(w, turn), asked_at: null } });
  }
}

function waitedBy(w: Working, { waited_ms, asked_at }: OpenTurn): number {
  return waited_ms + (asked_at === null ? 0 : (elapsedMs(asked_at, w.event.timestamp) ?? 0));
}

export function foldStopRequested(w: Working, data: EventData["stop_requested"]): void {
  const { turn } = w.view;
  if (turn?.turn_id !== data.turn_id || turn.stopping) return;
  w.patchView({ turn: { ...turn, stopping: true } });
}

export function foldCompleted(w: Working, data: EventData["session_completed"]): void {
  const { stop_reason, duration_ms, cost_usd } = data;
  endTurn(w, data.turn_id, {
    kind: "turn_end",
    outcome: "completed",
    stop_reason,
    error: null,
    code: null,
    stderr: null,
    duration_ms,
    cost_usd,
  });
}

export function foldFailed(w: Working, data: EventData["session_failed"]): void {
  const { error, code, stderr, duration_ms } = data;
  endTurn(w, data.turn_id, {
    kind: "turn_end",
    outcome: "failed",
    stop_reason: null,
    error,
    code,
    stderr,
    duration_ms,
    cost_usd: null,
  });
}

type TurnEnd = Pick<
  RowOf<"turn_end">,
  "kind" | "outcome" | "stop_reason" | "error" | "code" | "stderr" | "duration_ms" | "cost_usd"
>;

/** Ends a turn once; a session that fails while no turn runs has that shown too. */
function endTurn(w: Working, named: string | null, end: TurnEnd): void {
  const turn_id = named ?? w.turn_id;
  if (turn_id === null ? saysNothingNew(w, end) : turn_id === w.view.ended_turn_id) return;
  const { turn } = w.view;
  const waited_ms = turn && turn.turn_id === turn_id ? waitedBy(w, turn) : 0;
  if (turn_id === w.turn_id) {
    settleTurn(w);
    w.patchView({ turn: null });
  }
  w.push({ ...end, waited_ms }, turn_id);
  if (turn_id !== null) w.patchView({ ended_turn_id: turn_id });
}

function saysNothingNew(w: Working, end: TurnEnd): boolean {
  if (end.outcome === "completed") return true;
  return w.newest?.kind === "turn_end" && w.newest.error === end.error;
}

function settleTurn(w: Working): void {
  w.endBlock();
  settleTools(w);
}
