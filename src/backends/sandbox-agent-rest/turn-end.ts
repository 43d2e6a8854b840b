import type { SessionMemory } from "./memory.ts";

export type SilenceLimits = {
  /** The built-in mock agent never goes on after a request (spec 6). */
  mock_after_request_ms: number;
  /** Other agents do, and may be silent while a command runs. */
  agent_after_request_ms: number;
  /** Servers before 0.1.10 tell no turns, so silence is the only sign. */
  no_turn_events_ms: number;
};

export const defaultSilence: SilenceLimits = {
  mock_after_request_ms: 30_000,
  agent_after_request_ms: 15 * 60_000,
  no_turn_events_ms: 60_000,
};

/**
 * How long the session must be silent until its turn counts as over though nothing said so, in ms. Null: the upstream
 * will say it, or a person is asked first.
 */
export function silenceLimit(
  agent: string,
  memory: Pick<SessionMemory, "turn" | "waiting">,
  limits: SilenceLimits = defaultSilence,
): number | null {
  const { turn, waiting } = memory;
  if (!turn || waiting.size > 0) return null;
  if (turn.asked && agent === "mock") return limits.mock_after_request_ms;
  if (!turn.told) return limits.no_turn_events_ms;
  return turn.asked ? limits.agent_after_request_ms : null;
}
