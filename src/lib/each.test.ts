import * as fc from "fast-check";
import { expect, it } from "vitest";
import { eachLimited } from "./each.ts";

it("does all of it, in order, and never more at a time than it may", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 3 })),
      fc.integer({ min: 1, max: 5 }),
      async (turns, limit) => {
        const begun: number[] = [];
        let [running, most] = [0, 0];
        await eachLimited([...turns.keys()], limit, async (index) => {
          begun.push(index);
          running += 1;
          most = Math.max(most, running);
          for (let turn = 0; turn < (turns[index] ?? 0); turn += 1) await Promise.resolve();
          running -= 1;
        });
        expect(begun).toEqual([...turns.keys()]);
        expect(most).toBe(Math.min(limit, turns.length));
      },
    ),
  );
});

it("tells the first failure", async () => {
  const work = (item: number) => (item === 2 ? Promise.reject(new Error("no 2")) : Promise.resolve());
  await expect(eachLimited([1, 2, 3], 2, work)).rejects.toThrow("no 2");
});
