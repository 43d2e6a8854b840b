import { afterEach, describe, expect, test, vi } from "vitest";
import { createStored } from "./stored.ts";

const parse = (kept: unknown): number => (typeof kept === "number" ? kept : 7);

function storage(kept: Record<string, string>) {
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value;
    },
  });
  return kept;
}

afterEach(() => vi.unstubAllGlobals());

describe("a value that the browser keeps", () => {
  test.each([
    ["kept", { n: "3" }, 3],
    ["nothing kept", {}, 7],
    ["damaged", { n: "{3" }, 7],
    ["of another shape", { n: '"three"' }, 7],
  ])("%s", (_name, kept, expected) => {
    storage(kept);
    expect(createStored("n", { parse }).get()).toBe(expected);
  });

  test("is written as it is to be kept", () => {
    const kept = storage({});
    createStored("n", { parse, format: (value) => value * 10 }).set(4);
    expect(kept).toEqual({ n: "40" });
  });

  test("lasts as long as the page where nothing may be kept", () => {
    const stored = createStored("n", { parse });
    stored.set(4);
    expect(stored.get()).toBe(4);
  });

  test("follows the other tabs while somebody reads it", () => {
    const kept = storage({ n: "3" });
    const window = new EventTarget();
    vi.stubGlobal("window", window);
    const stored = createStored("n", { parse });
    const listener = vi.fn();
    const stop = stored.subscribe(listener);
    const change = (key: string) => window.dispatchEvent(Object.assign(new Event("storage"), { key }));
    kept.n = "5";
    change("other");
    expect(stored.get()).toBe(3);
    change("n");
    expect([stored.get(), listener.mock.calls.length]).toEqual([5, 1]);
    stop();
    kept.n = "6";
    change("n");
    expect(stored.get()).toBe(5);
  });
});
