import { BackendError } from "#src/backends/backend-error.ts";
import type { Backoff } from "#src/lib/backoff.ts";
import type { Http, HttpRequest } from "./http.ts";
import { retryDelay, wait } from "./retry.ts";

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

export type KeepReading = {
  /** Reads one stream to its end; calls `onActivity` whenever something came, which resets the count of attempts. */
  read: (onActivity: () => void) => Promise<void>;
  /** Whether no further try can bring the stream back. */
  isFinal: (error: unknown) => boolean;
  random: () => number;
  timing: { max_attempts: number; backoff: Backoff };
  signal: AbortSignal;
};

/**
 * Reads a stream for as long as it can be had, with capped and jittered pauses between tries. Resolves never.
 * @throws BackendError when the loss is final or the attempts are used up; the signal's reason when it aborts
 */
export async function keepReading({ read, isFinal, random, timing, signal }: KeepReading): Promise<never> {
  let attempt = 0;
  for (;;) {
    try {
      await read(() => {
        attempt = 0;
      });
      throw new BackendError("unreachable", "The server ended the event stream.");
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Reopen) continue;
      if (isFinal(error) || attempt >= timing.max_attempts) throw asBackendError(error);
      await wait(retryDelay(error, attempt, random, timing.backoff), signal);
      attempt += 1;
    }
  }
}

function asBackendError(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  return new BackendError("unreachable", "The connection to the server broke and did not come back.", {
    cause: error,
  });
}

const PATIENT_TRIES = 3;

/**
 * Makes a call again after the pause that a 429 asks for, since such an answer proves that nothing was done. Every
 * other failure is the caller's.
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
      if (!limited || attempt + 1 >= PATIENT_TRIES) throw error;
      await wait(retryDelay(error, attempt, random), signal);
    }
  }
}
