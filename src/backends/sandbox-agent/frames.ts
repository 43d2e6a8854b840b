import { BackendError } from "#src/backends/backend-error.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { retryDelay, wait } from "#src/backends/shared/retry.ts";
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
};

/** Thrown inside the loop to read the missing frames again from the ring. */
class HoleInStream extends Error {}

/**
 * Follows an instance's event stream for as long as it can be had: reconnects with `Last-Event-ID`, drops duplicates,
 * and reads a hole in the numbering again (a slow reader loses frames silently, spec 3.5). Resolves never.
 * @throws BackendError when the instance is gone, the token is refused or the attempts are used up
 */
export async function followFrames(config: StreamConfig, handlers: StreamHandlers): Promise<never> {
  let last: number | null = null;
  let attempt = 0;
  /** The id after which a hole was already read again once: then the ring no longer has it. */
  let rereadAfter: number | null = null;

  function take(id: number, data: string): void {
    const expected: number = (last ?? config.since ?? 0) + 1;
    if (last !== null && id < expected) return;
    if (id > expected && last !== null && rereadAfter !== last) {
      rereadAfter = last;
      throw new HoleInStream();
    }
    last = id;
    if (id > expected) handlers.onGap(id - expected);
    handlers.onFrame({ id, data });
  }

  async function read(): Promise<void> {
    const response = await open(config, last);
    const onActivity = (): void => {
      attempt = 0;
    };
    for await (const frame of readSse(response, { idle_ms: config.timing.idle_ms, onActivity })) {
      if (frame.kind === "event") {
        take(idOf(frame.id, last), frame.data);
      } else {
        // It held exactly one id; reading it again would only overflow again.
        if (last !== null) last += 1;
        handlers.onOversize(frame.limit);
      }
    }
    throw new BackendError("unreachable", "The server ended the event stream.");
  }

  for (;;) {
    try {
      await read();
    } catch (error) {
      config.signal.throwIfAborted();
      if (error instanceof HoleInStream) continue;
      if (isGone(error) || attempt >= config.timing.max_attempts) throw asBackendError(error);
      await wait(retryDelay(error, attempt, config.random, config.timing.backoff), config.signal);
      attempt += 1;
    }
  }
}

async function open(
  { http, path, signal }: StreamConfig,
  last: number | null,
): Promise<ReadableStream<Uint8Array>> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (last !== null) headers["last-event-id"] = String(last);
  const response = await http.open({ path, headers, timeout_ms: 20_000, signal });
  const type = response.headers.get("content-type") ?? "none";
  if (response.body && type.includes("text/event-stream")) return response.body;
  await response.body?.cancel();
  throw new BackendError(
    "upstream_error",
    `The server answered with ${type} in place of an event stream. Check the URL.`,
  );
}

/** The server numbers every message; one without a number counts as the next. */
function idOf(text: string | null, last: number | null): number {
  return text !== null && /^\d+$/.test(text) ? Number(text) : (last ?? 0) + 1;
}

function asBackendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  return new BackendError("unreachable", "The connection to the server broke and did not come back.", {
    cause: error,
  });
}
