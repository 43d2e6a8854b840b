import { KEEPALIVE_MS } from "#src/contract/stream.ts";
import { createReader, type ReaderOptions } from "./reader.ts";
import { every, type Schedule } from "./schedule.ts";

export type StreamOptions = ReaderOptions & {
  /** Ends the stream: the caller went away, its token was revoked, the server stops. */
  signals?: readonly AbortSignal[];
  every?: Schedule;
};

/** What a stream's response says; proxies must not hold frames back. */
export const streamHeaders: Readonly<Record<string, string>> = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

/**
 * A reader of the log as the body of a response: `resume`, events, and `keepalive` every 15 s (design §4). It is read
 * only as fast as the client takes it.
 */
export function openStream({
  signals = [],
  every: repeat = every,
  ...options
}: StreamOptions): ReadableStream<Uint8Array> {
  const reader = createReader(options);
  const stopKeepAlive = repeat(reader.keepAlive, KEEPALIVE_MS);
  let released = false;
  let end: () => void = () => {};

  function release(): void {
    released = true;
    stopKeepAlive();
    reader.close();
    for (const signal of signals) signal.removeEventListener("abort", end);
  }

  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      end = () => {
        release();
        controller.close();
      };
      for (const signal of signals) signal.addEventListener("abort", end);
      if (signals.some((signal) => signal.aborted)) end();
    },
    pull: async (controller) => {
      try {
        const chunk = await reader.next();
        if (chunk && !released) controller.enqueue(chunk);
      } catch (error) {
        release();
        throw error;
      }
    },
    cancel: release,
  });
}
