import { expect, it } from "vitest";
import { loadCode } from "./load-code.ts";

/** A server and its files, by what each try finds: both lists are used up from the front, their last item stays. */
function network({ loads, answers }: { loads: boolean[]; answers: boolean[] }) {
  const next = (list: boolean[]) => (list.length > 1 ? list.shift() : list[0]) ?? false;
  const pauses: number[] = [];
  const load = async () => {
    if (!next(loads)) throw new TypeError("Failed to fetch dynamically imported module");
    return "code";
  };
  const loading = loadCode(load, {
    isServerThere: async () => next(answers),
    pause: async (attempt) => void pauses.push(attempt),
  });
  return { loading, pauses };
}

it("loads at once, and asks nobody whether the server is there", async () => {
  const { loading, pauses } = network({ loads: [true], answers: [] });
  await expect(loading).resolves.toBe("code");
  expect(pauses).toEqual([]);
});

it("waits for a server that is away, however long", async () => {
  const { loading, pauses } = network({
    loads: [false, false, false, false, true],
    answers: [false],
  });
  await expect(loading).resolves.toBe("code");
  expect(pauses).toEqual([0, 1, 2, 3]);
});

it("tries once more when the server was back before it could be asked", async () => {
  const { loading, pauses } = network({ loads: [false, true], answers: [true] });
  await expect(loading).resolves.toBe("code");
  expect(pauses).toEqual([]);
});

it("gives up on what a server that answers does not have", async () => {
  const { loading, pauses } = network({ loads: [false], answers: [false, true, true] });
  await expect(loading).rejects.toThrow("dynamically imported module");
  expect(pauses).toEqual([0]);
});

it("does not give up when the server goes away between two tries", async () => {
  const { loading } = network({ loads: [false, false, false, true], answers: [true, false, true] });
  await expect(loading).resolves.toBe("code");
});
