import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createPromptLists, type PromptLists } from "./prompt-lists.ts";

let lists: PromptLists<string>;
let news: number;
beforeEach(() => {
  vi.useFakeTimers();
  news = 0;
  lists = createPromptLists(1_000, () => {
    news += 1;
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const soon = (...found: string[]) => Promise.resolve(found);
function later(): { ask: () => Promise<string[]>; answer: (...found: string[]) => void } {
  let answer: (...found: string[]) => void = () => {};
  const promise = new Promise<string[]>((resolve) => {
    answer = (...found) => resolve(found);
  });
  return { ask: () => promise, answer };
}

test("a backend that answers is answered for by itself", async () => {
  expect(await lists.list("a", () => soon("x"))).toEqual(["x"]);
  expect(await lists.list("a", () => soon("y"))).toEqual(["y"]);
  await expect(lists.list("a", () => Promise.reject(new Error("down")))).rejects.toThrow("down");
});

test("one that takes its time is answered for by what it told last, and its news are told", async () => {
  await lists.list("a", () => soon("x"));
  const slow = later();
  const asked = lists.list("a", slow.ask);
  const other = lists.list("b", () => soon("z"));
  expect(await other).toEqual(["z"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await asked).toEqual(["x"]);
  slow.answer("x", "new");
  await vi.advanceTimersByTimeAsync(0);
  expect(news).toBe(1);
});

test("one that is always slow and has nothing new makes no news", async () => {
  for (const _ of [1, 2, 3]) {
    const slow = later();
    const asked = lists.list("a", slow.ask);
    await vi.advanceTimersByTimeAsync(1_000);
    await asked;
    slow.answer("x");
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(news).toBe(1);
});
