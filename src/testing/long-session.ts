import type { Envelope } from "#src/domain/event.ts";
import { eventLog, type Told } from "./event-log.ts";

const ROUNDS = 8;
const DELTAS = 10;

/**
 * A session as a coding agent makes one: turns of eight rounds, each ten text deltas and a command that runs. A turn
 * has 115 events and 18 rows, so 870 turns are about 100,000 events and 15,660 rows, 556 turns about 10,000 rows.
 */
export function longSession(turns: number): Envelope[] {
  return eventLog(...Array.from({ length: turns }, (_, turn) => turnOf(`turn-${turn}`)).flat());
}

function turnOf(turn_id: string): Told[] {
  const prompt = [{ type: "text" as const, text: "Find out why the login test fails one time in ten." }];
  return [
    ["user_message", { message_id: `${turn_id}-prompt`, content: prompt, turn_id }],
    ["turn_started", { turn_id, message_id: `${turn_id}-prompt` }],
    ...Array.from({ length: ROUNDS }, (_, round) => roundOf(`${turn_id}-${round}`)).flat(),
    ["session_completed", { session_id: "session", turn_id, stop_reason: "end_turn", duration_ms: 64_000 }],
  ];
}

function roundOf(id: string): Told[] {
  return [
    ...Array.from({ length: DELTAS }, (_, n): Told => [
      "text_delta",
      { text: `word ${n} of it `, block_id: id },
    ]),
    ["tool_use_start", { id, name: "Bash", title: "Terminal", kind: "execute", status: "pending" }],
    ["tool_update", { id, title: "npm test", input: { command: "npm test" }, status: "in_progress" }],
    ["tool_update", { id, output_delta: "1 test failed\n" }],
    ["tool_update", { id, status: "completed", exit_code: 0 }],
  ];
}
