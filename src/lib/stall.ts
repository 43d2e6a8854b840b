/** A turn that says nothing for this long may hang. */
export const STALL_MS = 5 * 60_000;

/** What is known of a session whose turn should be at work; times in ms since the epoch. */
export type Quiet = {
  /** When its newest event came; null while no turn runs. */
  heard_at: number | null;
  /** It waits for a person, or was told to stop: silence says nothing then. */
  waits: boolean;
};

/** For how long a turn has said nothing, in ms; null while that is no sign of a stall. */
export function stallMs({ heard_at, waits }: Quiet, now: number): number | null {
  if (heard_at === null || waits) return null;
  const silent = now - heard_at;
  return silent >= STALL_MS ? silent : null;
}

/**
 * Whether what was fetched at `fetched_at` is too old to tell: the session was not silent long enough then, and would
 * be now if nothing had come since. Events that only readers of the session get do not renew a list.
 */
export function mustAskAgain(quiet: Quiet, fetched_at: number, now: number): boolean {
  return stallMs(quiet, now) !== null && stallMs(quiet, fetched_at) === null;
}
