import { expect, test } from "vitest";
import { BackendError } from "#src/backends/backend-error.ts";
import { isTransient, parseRetryAfter, retryDelay, wait } from "./retry.ts";

const limited = (retry_after_ms: number) =>
  new BackendError("rate_limited", "slow", { details: { retry_after_ms } });

test("the upstream's Retry-After is the least that is waited", () => {
  expect(retryDelay(limited(60_000), 0, () => 0)).toBe(60_250);
  expect(retryDelay(new BackendError("unreachable", "gone"), 0, () => 0)).toBe(250);
});

test("those who were all told the same moment do not all come back then", () => {
  const waits = [0, 0.25, 0.5, 0.75].map((chance) => retryDelay(limited(5_000), 3, () => chance));
  expect(new Set(waits).size).toBe(4);
  expect(Math.min(...waits)).toBeGreaterThan(5_000);
});

test("no Retry-After makes a wait that is endless, or too long for a timer to count", () => {
  expect(retryDelay(limited(365 * 86_400_000), 30, () => 1)).toBe(5 * 60_000 + 15_000);
});

test.each([
  [new BackendError("unreachable", ""), true],
  [new BackendError("rate_limited", ""), true],
  [new BackendError("unauthorized", ""), false],
  [new Error("bug"), false],
])("%s is worth another try: %s", (error, expected) => {
  expect(isTransient(error)).toBe(expected);
});

test.each([
  [null, null],
  ["3", 3000],
  ["Thu, 01 Jan 1970 00:00:10 GMT", 9000],
  ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
  ["soon", null],
])("Retry-After %j is %j ms", (header, expected) => {
  expect(parseRetryAfter(header, 1000)).toBe(expected);
});

test("a wait ends when its signal aborts", async () => {
  const controller = new AbortController();
  const waiting = wait(60_000, controller.signal);
  controller.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
});
