import type { Envelope } from "#src/domain/event.ts";
import type { StreamStatus } from "./status.ts";

/**
 * What the tabs of a browser say to each other. One of them, the leader, holds the stream and passes on what it hears.
 * `stream` names one opening of it, so that a late word of a former one is not taken for news. Each leader has a higher
 * `term` than the one before, so that a tab which was frozen, and does not know yet that it was replaced, misleads nobody.
 */
export type TabMessage =
  // to the leader
  | { type: "wants"; tab: string; sessions: readonly string[] }
  | { type: "nudge" }
  // from the leader
  | { type: "roll_call"; term: number }
  | { type: "opened"; term: number; stream: string; sessions: readonly string[]; from: string; gap: boolean }
  | { type: "event"; stream: string; envelope: Envelope }
  | { type: "status"; term: number; status: StreamStatus }
  | { type: "signed_out" };

/** Carries messages between tabs, in order. */
export type Bus = {
  /** To every tab, the sender's own included. */
  post: (message: TabMessage) => void;
  /** To the sender's own tab alone. */
  tell: (message: TabMessage) => void;
  subscribe: (listener: (message: TabMessage) => void) => () => void;
};
