import { BackendError } from "#src/backends/backend-error.ts";
import { type Backoff, backoffDelay } from "#src/lib/backoff.ts";

/** What adapters use unless the upstream says otherwise: 0.5 s doubling to 15 s. */
export const defaultBackoff: Backoff = { base_ms: 500, max_ms: 15_000 };

/** Whether the same call may succeed later with nothing changed by a person. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof BackendError)) return false;
  return ["unreachable", "timeout", "rate_limited", "upstream_error"].includes(error.code);
}

/** The longest that an upstream may make us wait between two tries; also keeps a wait within what a timer can count. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;

/**
 * Milliseconds to wait before try number `attempt` (from 0): what the upstream's `Retry-After` asks, up to 5 minutes, and
 * on top of it a share of chance, since everyone who asked was told the same moment.
 */
export function retryDelay(
  error: unknown,
  attempt: number,
  random: () => number,
  backoff = defaultBackoff,
): number {
  const asked = Math.min(retryAfterOf(error) ?? 0, MAX_RETRY_AFTER_MS);
  return asked + backoffDelay(attempt, backoff, random);
}

/** Milliseconds that the upstream asked to wait, or null when it did not. */
export function retryAfterOf(error: unknown): number | null {
  if (!(error instanceof BackendError) || typeof error.details !== "object" || error.details === null)
    return null;
  const value = "retry_after_ms" in error.details ? error.details.retry_after_ms : null;
  return typeof value === "number" ? value : null;
}

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date; null when absent or unreadable. */
export function parseRetryAfter(header: string | null, now_ms: number): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now_ms);
}

/** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
