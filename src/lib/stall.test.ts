import { expect, it } from "vitest";
import { mustAskAgain, STALL_MS, stallMs } from "./stall.ts";

const at = 1_000_000;

it.each([
  ["talks", { heard_at: at, waits: false }, at + 1000, null],
  ["quiet, but not for long enough", { heard_at: at, waits: false }, at + STALL_MS - 1, null],
  ["stalls", { heard_at: at, waits: false }, at + STALL_MS, STALL_MS],
  ["stalls for long", { heard_at: at, waits: false }, at + 2 * STALL_MS, 2 * STALL_MS],
  ["waits for a person", { heard_at: at, waits: true }, at + 2 * STALL_MS, null],
  ["no turn runs", { heard_at: null, waits: false }, at + 2 * STALL_MS, null],
  ["the server's clock is ahead", { heard_at: at, waits: false }, at - 5000, null],
])("%s", (_, quiet, now, ms) => expect(stallMs(quiet, now)).toBe(ms));

it.each([
  ["fetched while it talked, silent since as far as is known", at, at + STALL_MS, true],
  ["fetched when it was silent already", at + STALL_MS, at + STALL_MS + 1, false],
  ["not silent yet", at, at + 1000, false],
])("asks again: %s", (_, fetched_at, now, again) => {
  expect(mustAskAgain({ heard_at: at, waits: false }, fetched_at, now)).toBe(again);
});
