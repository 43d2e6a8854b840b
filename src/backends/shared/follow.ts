import { BackendError } from "#src/backends/backend-error.ts";
import type { Backoff } from "#src/lib/backoff.ts";
import type { Http, HttpRequest } from "./http.ts";
import { retryAfterOf, retryDelay, wait } from "./retry.ts";

/**
 * Opens an event stream.
 * @throws BackendError `upstream_error` when the answer is something else, such as an error page with status 200
 */
export async function openEventStream(http: Http, request: HttpRequest): Promise<ReadableStream<Uint8Array>> {
  const headers = { ...request.headers, accept: "text/event-stream" };
  const response = await http.open({ timeout_ms: 20_000, ...request, headers });
  const type = response.headers.get("content-type") ?? "none";
  if (response.body && type.includes("text/event-stream")) return response.body;
  await response.body?.cancel();
  throw new BackendError(
    "upstream_error",
    `The server answered with ${type} in place of an event stream. Check the URL.`,
  );
}

/** Thrown by `read` to begin again at once: nothing failed, but this stream has no more to give. */
export class Reopen extends Error {}

/** One stream while it is read. `onActivity` is to be called whenever something came: it resets the count of attempts. */
export type Reading = { signal: AbortSignal; onActivity: () => void };

export type KeepReading = {
  /** Reads one stream to its end. */
  read: (reading: Reading) => Promise<void>;
  /** Whether no further try can bring the stream back. */
  isFinal: (error: unknown) => boolean;
  /** Called when a stream broke that was there, before the first try to have it again. */
  onBroken?: (() => void) | undefined;
  random: () => number;
  timing: { max_attempts: number; backoff: Backoff };
  signal: AbortSignal;
};

export type KeptStream = {
  /**
   * Never resolves. Rejects with a BackendError when the loss is final or the attempts are used up, and with the signal's
   * reason when that aborts.
   */
  lost: Promise<never>;
  /** Ends the stream that is read now: at once for the next, or as if it had failed with `reason`. */
  reopen: (reason?: Error) => void;
};

/** Reads a stream for as long as it can be had, with capped and jittered pauses between tries. */
export function keepReading(config: KeepReading): KeptStream {
  const { read, isFinal, onBroken, random, timing, signal } = config;
  let current = new AbortController();

  async function keep(): Promise<never> {
    let attempt = 0;
    for (;;) {
      const own = new AbortController();
      current = own;
      try {
        const onActivity = (): void => {
          attempt = 0;
        };
        await read({ signal: AbortSignal.any([signal, own.signal]), onActivity });
        throw new BackendError("unreachable", "The server ended the event stream.");
      } catch (thrown) {
        signal.throwIfAborted();
        const error: unknown = own.signal.aborted ? own.signal.reason : thrown;
        if (error instanceof Reopen) continue;
        if (isFinal(error) || attempt >= timing.max_attempts) throw asBackendError(error);
        if (attempt === 0) onBroken?.();
        await wait(retryDelay(error, attempt, random, timing.backoff), signal);
        attempt += 1;
      }
    }
  }

  return { lost: keep(), reopen: (reason = new Reopen()) => current.abort(reason) };
}

function asBackendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  return new BackendError("unreachable", "The connection to the server broke and did not come back.", {
    cause: error,
  });
}

const PATIENT_TRIES = 3;
/** Whoever waits for an answer would rather be told than wait for longer than this. */
const PATIENCE_MS = 60_000;

/**
 * Makes a call again after the pause that a 429 asks for, since such an answer proves that nothing was done. Every
 * other failure is the caller's, and so is a pause of more than a minute.
 */
export async function withPatience<T>(
  call: () => Promise<T>,
  { random, signal }: { random: () => number; signal: AbortSignal },
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const limited = error instanceof BackendError && error.code === "rate_limited";
      if (!limited || attempt + 1 >= PATIENT_TRIES || (retryAfterOf(error) ?? 0) > PATIENCE_MS) throw error;
      await wait(retryDelay(error, attempt, random), signal);
    }
  }
}
