import { createStore } from "#src/lib/store.ts";

/** How the live connection is. */
export type StreamStatus = {
  /** `offline` when the server does not answer at all, `reconnecting` when only the stream is down. */
  phase: "connecting" | "live" | "reconnecting" | "offline";
  /** Why it is not live, in a sentence. */
  reason: string | null;
  /** When the next try begins, ms since the epoch; null while one runs. */
  retry_at: number | null;
  /** Frames that could not be read since the page opened. */
  unreadable: number;
};

export const connecting: StreamStatus = { phase: "connecting", reason: null, retry_at: null, unreadable: 0 };

/** The status that every part of the page shows; the same in all tabs. */
export const streamStatus = createStore<StreamStatus>(connecting);
