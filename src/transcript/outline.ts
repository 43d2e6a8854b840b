import { textOf } from "#src/domain/text.ts";
import type { PermissionState, QuestionState, Row } from "./rows.ts";

/** One turn of a session, for the outline: where it begins and how it went. */
export type OutlineTurn = {
  /** The row to jump to: the prompt, or the first loaded row of a turn whose prompt is not. */
  key: string;
  turn_id: string | null;
  /** The first line of the prompt with something on it; null when the prompt is not loaded. */
  prompt: string | null;
  at: string;
  outcome: "running" | "completed" | "failed";
  stop_reason: string | null;
  /** Permissions and questions, and how many of them still wait. */
  requests: number;
  pending: number;
  /** Failed tool calls, errors, and the turn's own failure. */
  failures: number;
};

/** The turns of a transcript, oldest first. A prompt begins one; rows before the first prompt make one of their own. */
export function outlineOf(rows: readonly Row[]): OutlineTurn[] {
  const turns: OutlineTurn[] = [];
  for (const row of rows) {
    let turn = turns.at(-1);
    if (!turn || row.kind === "user") {
      turn = turnOf(row);
      turns.push(turn);
    }
    count(turn, row);
  }
  return turns;
}

function turnOf(row: Row): OutlineTurn {
  return {
    key: row.key,
    turn_id: row.turn_id,
    prompt: row.kind === "user" ? firstLine(textOf(row.content)) : null,
    at: row.at,
    outcome: "running",
    stop_reason: null,
    requests: 0,
    pending: 0,
    failures: 0,
  };
}

function count(turn: OutlineTurn, row: Row): void {
  turn.turn_id ??= row.turn_id;
  switch (row.kind) {
    case "tool":
      if (row.tool.status === "failed") turn.failures += 1;
      return row.tool.permissions.forEach((permission) => countRequest(turn, permission));
    case "permission":
      return countRequest(turn, row.permission);
    case "question":
      return countRequest(turn, row.question);
    case "error":
      turn.failures += 1;
      return;
    case "turn_end":
      turn.outcome = row.outcome;
      turn.stop_reason = row.stop_reason;
      if (row.outcome === "failed") turn.failures += 1;
      return;
    default:
      return;
  }
}

function countRequest(turn: OutlineTurn, request: PermissionState | QuestionState): void {
  turn.requests += 1;
  if (request.response === null) turn.pending += 1;
}

function firstLine(text: string): string {
  return text.trimStart().split("\n", 1)[0]?.trimEnd() ?? "";
}
