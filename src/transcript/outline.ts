import { textOf } from "#src/domain/text.ts";
import type { OutlineTurn, PermissionState, QuestionState, Row } from "./rows.ts";

/**
 * The turns of a transcript, oldest first. A prompt begins one; rows before the first prompt make one of their own, or
 * go on with the last of `earlier`, the turns of the rows before these.
 */
export function outlineOf(rows: readonly Row[], earlier: readonly OutlineTurn[] = []): OutlineTurn[] {
  const turns = earlier.slice(0, -1);
  const open = earlier.at(-1);
  if (open) turns.push({ ...open, troubles: [...open.troubles] });
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
    troubles: [],
  };
}

function count(turn: OutlineTurn, row: Row): void {
  const before = turn.failures + turn.requests;
  countIn(turn, row);
  turn.turn_id ??= row.turn_id;
  if (turn.failures + turn.requests > before) turn.troubles.push(row.key);
}

function countIn(turn: OutlineTurn, row: Row): void {
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
