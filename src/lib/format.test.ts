import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatCost,
  formatCount,
  formatDuration,
  formatElapsed,
  formatPlural,
  formatRelative,
} from "./format.ts";

const now = Date.parse("2026-03-12T10:00:00Z");
const before = (ms: number) => new Date(now - ms).toISOString();

describe("formatRelative", () => {
  it.each([
    [0, "now"],
    [4_000, "4 s ago"],
    [59_999, "59 s ago"],
    [12 * 60_000, "12 min ago"],
    [3 * 3_600_000, "3 h ago"],
    [86_400_000, "1 day ago"],
    [3 * 86_400_000, "3 days ago"],
    [-4 * 60_000, "in 4 min"],
    [-9_000, "now"],
  ])("%i ms before now is %s", (ms, words) => {
    expect(formatRelative(before(ms), now)).toBe(words);
  });

  it("is shorter on request", () => {
    expect(formatRelative(before(12 * 60_000), now, { short: true })).toBe("12 min");
  });

  it("gives the date after a month, and an unreadable time as it is", () => {
    expect(formatRelative("2025-12-24T12:00:00Z", now)).toMatch(/Dec 24, 2025/);
    expect(formatRelative("soon", now)).toBe("soon");
  });
});

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [7.4, "7 ms"],
    [100, "0.1 s"],
    [1_249, "1.2 s"],
    [38_100, "38.1 s"],
    [59_949, "59.9 s"],
    [59_960, "1m 00s"],
    [64_000, "1m 04s"],
    [3_599_000, "59m 59s"],
    [7_500_000, "2h 05m"],
    [-5, "0 ms"],
    [Number.NaN, "0 ms"],
  ])("%d ms is %s", (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });
});

it.each([
  [400, "0s"],
  [4_900, "4s"],
  [64_900, "1m 04s"],
])("formatElapsed: %d ms is %s", (ms, words) => {
  expect(formatElapsed(ms)).toBe(words);
});

it.each([
  [0.42, "USD", "$0.42"],
  [0, "USD", "$0.00"],
  [0.001, "USD", "<$0.01"],
  [1204.5, "USD", "$1,204.50"],
  [3, "EUR", "3.00 EUR"],
])("formatCost: %d %s is %s", (amount, currency, words) => {
  expect(formatCost(amount, currency)).toBe(words);
});

it.each([
  [0, "0 B"],
  [812, "812 B"],
  [4_096, "4.1 kB"],
  [999_900, "1.0 MB"],
  [1_234_567, "1.2 MB"],
  [123_456_789, "123 MB"],
])("formatBytes: %d is %s", (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});

it("counts and plurals", () => {
  expect(formatCount(1204)).toBe("1,204");
  expect(formatPlural(1, "session")).toBe("1 session");
  expect(formatPlural(0, "session")).toBe("0 sessions");
  expect(formatPlural(2, "query", "queries")).toBe("2 queries");
});
