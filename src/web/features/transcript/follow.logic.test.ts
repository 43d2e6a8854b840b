import { describe, expect, it } from "vitest";
import { attached, follow, NEAR_END, scrollKey, type Follow, type FollowEvent } from "./follow.logic.ts";

const away = (unseen = 0): Follow => ({ following: false, unseen });
const scrolled = (distance_to_end: number, direction: "up" | "down" = "down"): FollowEvent => ({
  type: "scrolled",
  distance_to_end,
  direction,
});

describe("follow", () => {
  it.each<[string, Follow, FollowEvent, Follow]>([
    ["lets go when pulled up", attached, { type: "pulled_up" }, away()],
    ["lets go when scrolled up, however little", attached, scrolled(3, "up"), away()],
    ["stays attached on the way down", attached, scrolled(NEAR_END + 1), attached],
    ["stays away far from the end", away(2), scrolled(NEAR_END + 1), away(2)],
    ["stays away near the end while going up", away(2), scrolled(40, "up"), away(2)],
    ["attaches when the reader comes back", away(3), scrolled(40), attached],
    ["counts what came meanwhile", away(1), { type: "grew", rows: 2 }, away(3)],
    ["counts nothing while following", attached, { type: "grew", rows: 2 }, attached],
    ["attaches on request", away(9), { type: "attached" }, attached],
  ])("%s", (_name, state, event, next) => expect(follow(state, event)).toEqual(next));

  it.each<[Follow, FollowEvent]>([
    [attached, { type: "attached" }],
    [attached, scrolled(0)],
    [away(), { type: "pulled_up" }],
    [away(), { type: "grew", rows: 0 }],
  ])("keeps the reference when nothing changes", (state, event) => expect(follow(state, event)).toBe(state));
});

it.each([
  ["ArrowUp", false, "up"],
  ["PageUp", false, "up"],
  ["Home", false, "up"],
  [" ", true, "up"],
  [" ", false, "down"],
  ["PageDown", false, "down"],
  ["End", false, null],
  ["ArrowLeft", false, null],
  ["a", false, null],
])("key %j with shift %s scrolls %s", (key, shift, way) => expect(scrollKey(key, shift)).toBe(way));
