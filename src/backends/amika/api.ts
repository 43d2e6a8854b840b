import type { Http } from "#src/backends/shared/http.ts";
import type { Backoff } from "#src/lib/backoff.ts";

/** What the server was found to have; null: not asked yet. */
export type Features = {
  /** Org-wide chats, whose transcripts are complete. */
  chats: boolean | null;
  /** Answers that come while the agent writes them. */
  stream: boolean | null;
};

export type AmikaTiming = {
  /** Between looks at a sandbox that changes. */
  poll_ms: number;
  /** How long a sandbox may take to be made, started or stopped. */
  settle_ms: number;
  /** How long a deletion that was accepted is watched. */
  delete_ms: number;
  /** A failure seen within this time of a start may be the one before it. */
  stale_ms: number;
  /** How long one send may take; agents work up to 10 minutes. */
  send_ms: number;
  /** A stream without heartbeats for this long is dead. */
  idle_ms: number;
  /** The longest between two looks at a turn whose connection is lost; chance takes up to half off. */
  ask_ms: number;
  /** How long such a turn is asked for, from its prompt. */
  lost_ms: number;
  /** How long a turn is asked for that ended with an answer nobody can read. */
  answered_ms: number;
  backoff: Backoff;
};

/** What every call needs. */
export type Api = {
  http: Http;
  /** Uniform in [0, 1). */
  random: () => number;
  /** Milliseconds since the epoch. */
  now: () => number;
  timing: AmikaTiming;
  features: Features;
  /** One for every open link; aborting it closes the link. */
  links: Set<AbortController>;
};

/** Path of a sandbox by its id or name, which may hold a slash. */
export function sandboxPath(ref: string, rest = ""): string {
  return `/sandboxes/${encodeURIComponent(ref)}${rest}`;
}

/** Path of a session of a sandbox. */
export function sessionPath(sandbox_ref: string, session_ref: string): string {
  return sandboxPath(sandbox_ref, `/sessions/${encodeURIComponent(session_ref)}`);
}
