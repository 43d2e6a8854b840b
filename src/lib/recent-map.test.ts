import { expect, it } from "vitest";
import { RecentMap } from "./recent-map.ts";

it("keeps as many as it may, and of them those that were used last", () => {
  const map = new RecentMap<string, number>(2);
  map.set("a", 1).set("b", 2);
  expect(map.get("a")).toBe(1);
  map.set("c", 3);
  expect([...map]).toEqual([
    ["a", 1],
    ["c", 3],
  ]);
  map.set("a", 4).set("d", 5);
  expect([...map]).toEqual([
    ["a", 4],
    ["d", 5],
  ]);
  expect(map.get("b")).toBeUndefined();
});
