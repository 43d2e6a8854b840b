import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BackendError } from "#src/backends/backend-error.ts";
import { defaultBackoff } from "#src/backends/shared/retry.ts";
import { chances, mostWithin } from "#src/testing/spread.ts";
import type { Api } from "./api.ts";
import { createTurns } from "./turns.ts";

const SESSIONS = 50;

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(0);
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  [
    "answers that its turn still runs",
    () => Promise.resolve({ id: "s", status: "active", metadata: { messages: [] } }),
  ],
  ["is down", () => Promise.reject(new BackendError("unreachable", "The network is cut."))],
])("50 turns whose connection was cut do not ask together while Amika %s", async (_, answer) => {
  const looks: number[] = [];
  const json = (): Promise<unknown> => {
    looks.push(Date.now());
    return answer();
  };
  const api: Api = {
    // Only sessions are read here, and the answer above is one.
    http: { base_url: "", json: json as Api["http"]["json"], bytes: vi.fn(), open: vi.fn() },
    random: chances(),
    now: Date.now,
    features: { chats: false, stream: false },
    links: new Set(),
    timing: {
      poll_ms: 3_000,
      settle_ms: 60_000,
      delete_ms: 60_000,
      stale_ms: 1_000,
      send_ms: 60_000,
      idle_ms: 45_000,
      ask_ms: 4_000,
      lost_ms: 120_000,
      answered_ms: 30_000,
      backoff: defaultBackoff,
    },
  };
  const aborts = Array.from({ length: SESSIONS }, () => new AbortController());
  const told = { agent: "claude", emit: () => {}, onClosed: () => {} };
  for (const { signal } of aborts) {
    const address = { sandbox_ref: "sbx", session_ref: "s", signal };
    const turn = { since: new Date(0).toISOString(), status: "active" };
    createTurns(api, address, told, { told: 0 }).recover({ told: 0, turn });
  }
  await vi.advanceTimersByTimeAsync(60_000);
  for (const abort of aborts) abort.abort();
  expect(looks.length / SESSIONS).toBeGreaterThan(3);
  expect(looks.length / SESSIONS).toBeLessThan(31);
  expect(mostWithin(looks, 100)).toBeLessThan(SESSIONS / 2);
});
