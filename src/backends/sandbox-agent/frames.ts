import {
  keepReading,
  type KeptStream,
  openEventStream,
  type Reading,
  Reopen,
} from "#src/backends/shared/follow.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { readSse } from "#src/backends/shared/sse.ts";
import type { Backoff } from "#src/lib/backoff.ts";
import { isGone } from "./errors.ts";

/** One message of the stream: its place in the instance's numbering, and its JSON. */
export type Frame = { id: number; data: string };

export type StreamConfig = {
  http: Http;
  path: string;
  /** The last id that was read before, by whoever; a hole after it is a gap. The ring is read from its start anyway. */
  since: number | null;
  random: () => number;
  timing: { idle_ms: number; max_attempts: number; backoff: Backoff };
  signal: AbortSignal;
};

export type StreamHandlers = {
  onFrame: (frame: Frame) => void;
  onGap: (missed: number) => void;
  onOversize: (limit: number) => void;
  onBroken?: (() => void) | undefined;
};

/**
 * Follows an instance's event stream for as long as it can be had: reconnects with `Last-Event-ID`, drops duplicates,
 * and reads a hole in the numbering again (a slow reader loses frames silently, spec 3.5). It is lost when the instance is
 * gone, the token is refused or the attempts are used up.
 */
export function followFrames(config: StreamConfig, handlers: StreamHandlers): KeptStream {
  const { http, path, random, timing, signal } = config;
  let last: number | null = null;
  /** The id after which a hole was already read again once: then the ring no longer has it. */
  let rereadAfter: number | null = null;
  /** Frames too long to read since the last that was taken; each may hold a number. */
  let unread = 0;

  function take(id: number | null, data: string): void {
    const before: number = last ?? config.since ?? 0;
    // The server numbers every message. What has no number is not its, and takes no number from what is.
    if (id === null) return handlers.onFrame({ id: before, data });
    if (last !== null && id <= before) return;
    const missed = Math.max(0, id - before - 1 - unread);
    if (missed > 0 && last !== null && rereadAfter !== last) {
      rereadAfter = last;
      throw new Reopen();
    }
    last = id;
    unread = 0;
    if (missed > 0) handlers.onGap(missed);
    handlers.onFrame({ id, data });
  }

  async function read({ signal: own, onActivity }: Reading): Promise<void> {
    const headers: Record<string, string> = last === null ? {} : { "last-event-id": String(last) };
    const body = await openEventStream(http, { path, headers, signal: own });
    unread = 0;
    for await (const frame of readSse(body, { idle_ms: timing.idle_ms, onActivity })) {
      if (frame.kind === "event") {
        take(numberOf(frame.id), frame.data);
      } else {
        unread += 1;
        handlers.onOversize(frame.limit);
      }
    }
  }

  return keepReading({ read, isFinal: isGone, onBroken: handlers.onBroken, random, timing, signal });
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}
