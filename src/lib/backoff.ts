export type Backoff = { base_ms: number; max_ms: number };

/**
 * How long to wait before try number `attempt` (from 0), in milliseconds: doubling from `base_ms`, capped at `max_ms`,
 * with the upper half left to chance so that many clients do not return at once. `random` is uniform in [0, 1).
 */
export function backoffDelay(attempt: number, { base_ms, max_ms }: Backoff, random: () => number): number {
  const ceiling = Math.min(max_ms, base_ms * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
