import { vi } from "vitest";

/** Of a loaded machine: what comes at all comes at once, and only a failure waits for so long. */
const PATIENCE_MS = 30_000;

/** `vi.waitFor` and `vi.waitUntil` give up after a second, which is a fault of the machine and not of what is tested. */
const { waitFor, waitUntil } = vi;
vi.waitFor = (callback, options) => waitFor(callback, patient(options));
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options));

function patient<T extends { timeout?: number }>(options: number | T | undefined) {
  return typeof options === "number" ? options : { timeout: PATIENCE_MS, ...options };
}
