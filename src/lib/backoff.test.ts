import * as fc from "fast-check";
import { expect, test } from "vitest";
import { backoffDelay } from "./backoff.ts";

test.each([
  [0, 0, 100],
  [1, 0, 200],
  [1, 0.5, 300],
  [4, 0, 1600],
  [50, 0.999999, 10_000],
])("attempt %i with random %d waits %i ms", (attempt, random, expected) => {
  expect(backoffDelay(attempt, { base_ms: 200, max_ms: 10_000 }, () => random)).toBe(expected);
});

test("a delay is never above the cap nor below half the base", () => {
  fc.assert(
    fc.property(fc.nat(1000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, random) => {
      const delay = backoffDelay(attempt, { base_ms: 200, max_ms: 10_000 }, () => random);
      expect(delay).toBeGreaterThanOrEqual(100);
      expect(delay).toBeLessThanOrEqual(10_000);
    }),
  );
});
