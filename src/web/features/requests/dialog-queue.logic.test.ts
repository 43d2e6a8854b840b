import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bringBack, emptyQueue, GRACE_MS, isArmed, putAside, syncQueue } from "./dialog-queue.logic.ts";

const pending = (...ids: string[]) => ids.map((id) => ({ id }));

describe("dialog queue", () => {
  it("shows the oldest first and keeps it when others come", () => {
    const one = syncQueue(emptyQueue, pending("a"), true, 10);
    expect(one.shown).toEqual({ id: "a", since: 10 });
    expect(syncQueue(one, pending("0", "a", "b"), true, 900)).toBe(one);
  });

  it("shows the next one, with a grace of its own, when the first is resolved", () => {
    const one = syncQueue(emptyQueue, pending("a", "b"), true, 0);
    const two = syncQueue(one, pending("b"), true, 2000);
    expect(two.shown).toEqual({ id: "b", since: 2000 });
    expect(isArmed(2000, 2000 + GRACE_MS - 1)).toBe(false);
    expect(isArmed(2000, 2000 + GRACE_MS)).toBe(true);
  });

  it("opens nothing while the page is not in front, and opens it when it comes to the front", () => {
    const hidden = syncQueue(emptyQueue, pending("a"), false, 0);
    expect(hidden).toBe(emptyQueue);
    expect(syncQueue(hidden, pending("a"), true, 5000).shown).toEqual({ id: "a", since: 5000 });
  });

  it("leaves what was put aside in the dock, and still opens what comes later", () => {
    const aside = putAside(syncQueue(emptyQueue, pending("a", "b"), true, 0), pending("a", "b"));
    expect(syncQueue(aside, pending("a", "b"), true, 1)).toBe(aside);
    expect(syncQueue(aside, pending("a", "b", "c"), true, 1).shown?.id).toBe("c");
    expect(bringBack(aside, "b", 7).shown).toEqual({ id: "b", since: 7 });
  });

  it("forgets what is resolved", () => {
    const aside = putAside(syncQueue(emptyQueue, pending("a"), true, 0), pending("a"));
    expect(syncQueue(aside, [], true, 1).aside.size).toBe(0);
  });

  it("never swaps a shown request that still waits", () => {
    const ids = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"));
    fc.assert(
      fc.property(fc.array(fc.tuple(ids, fc.boolean())), (steps) => {
        let queue = emptyQueue;
        steps.forEach(([list, inFront], now) => {
          const next = syncQueue(queue, pending(...list), inFront, now);
          if (queue.shown && list.some((id) => id === queue.shown?.id)) expect(next.shown).toBe(queue.shown);
          if (next.shown) expect(list.some((id) => id === next.shown?.id)).toBe(true);
          queue = next;
        });
      }),
    );
  });
});
