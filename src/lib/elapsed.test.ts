import { expect, test } from "vitest";
import { elapsedMs } from "./elapsed.ts";

test.each([
  ["2026-03-01T10:00:00.000Z", "2026-03-01T10:00:01.250Z", 1250],
  ["2026-03-01T10:00:00Z", "2026-03-01T12:00:00+02:00", 0],
  ["2026-03-01T10:00:05Z", "2026-03-01T10:00:00Z", 0],
  ["yesterday", "2026-03-01T10:00:00Z", null],
])("from %s to %s are %s ms", (from, to, ms) => {
  expect(elapsedMs(from, to)).toBe(ms);
});
