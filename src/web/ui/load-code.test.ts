import { expect, it } from "vitest";
import { type Found, loadCode } from "./load-code.ts";

/** A server and its files, by what each try finds: both lists are used up from the front, their last item stays. */
function network({ loads, finds }: { loads: boolean[]; finds: Found[] }) {
  const next = <T>(list: T[]) => (list.length > 1 ? list.shift() : list[0]);
  const pauses: number[] = [];
  const load = async () => {
    if (!next(loads)) throw new TypeError("Failed to fetch dynamically imported module");
    return "code";
  };
  const loading = loadCode(load, {
    look: async () => next(finds) ?? "nothing",
    pause: async (attempt) => void pauses.push(attempt),
  });
  return { loading, pauses };
}

it("loads at once, and does not look at the server", async () => {
  const { loading, pauses } = network({ loads: [true], finds: [] });
  await expect(loading).resolves.toBe("code");
  expect(pauses).toEqual([]);
});

it("waits for a server that is away, however long", async () => {
  const { loading, pauses } = network({ loads: [false, false, false, false, true], finds: ["nothing"] });
  await expect(loading).resolves.toBe("code");
  expect(pauses).toEqual([0, 1, 2, 3]);
});

it("tries once more at once when the server was back before it could be asked", async () => {
  const { loading, pauses } = network({ loads: [false, true], finds: ["this_build"] });
  await expect(loading).resolves.toBe("code");
  expect(pauses).toEqual([]);
});

it("does not take a network that loses much for a newer build", async () => {
  const { loading, pauses } = network({ loads: [false, false, false, true], finds: ["this_build"] });
  await expect(loading).resolves.toBe("code");
  expect(pauses).toEqual([1, 2]);
});

it("gives up on what another build does not have", async () => {
  const { loading, pauses } = network({ loads: [false], finds: ["nothing", "another_build"] });
  await expect(loading).rejects.toThrow("dynamically imported module");
  expect(pauses).toEqual([0]);
});

it("gives up when the server answers every time and the part does not come", async () => {
  const { loading, pauses } = network({ loads: [false], finds: ["nothing", "this_build"] });
  await expect(loading).rejects.toThrow("dynamically imported module");
  expect(pauses).toHaveLength(8);
});

it("takes what another build still has", async () => {
  const { loading } = network({ loads: [false, true], finds: ["another_build"] });
  await expect(loading).resolves.toBe("code");
});

it("gives up on a part that came and failed", async () => {
  const loading = loadCode(async () => Promise.reject(new TypeError("x is undefined")));
  await expect(loading).rejects.toThrow("x is undefined");
});
