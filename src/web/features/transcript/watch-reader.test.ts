import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { FollowEvent } from "./follow.logic.ts";
import { watchReader } from "./watch-reader.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

/** A scroller of 500 px with 2,000 px in it, at its end; and what was reported of its reader. */
function watched() {
  const element = Object.assign(new EventTarget(), {
    scrollTop: 1500,
    scrollHeight: 2000,
    clientHeight: 500,
  });
  const reported: FollowEvent[] = [];
  const watch = watchReader(element as unknown as HTMLElement, new EventTarget(), (event) =>
    reported.push(event),
  );
  return {
    watch,
    reported,
    element,
    wheel: (deltaY: number) => element.dispatchEvent(Object.assign(new Event("wheel"), { deltaY })),
    scrollTo(top: number) {
      element.scrollTop = top;
      element.dispatchEvent(new Event("scroll"));
    },
  };
}

it("tells a scroll that a wheel meant, and how far from the end it went", () => {
  const { reported, wheel, scrollTo } = watched();
  wheel(-100);
  scrollTo(1400);
  wheel(100);
  scrollTo(1450);
  expect(reported).toEqual([
    { type: "pulled_up" },
    { type: "scrolled", distance_to_end: 100, direction: "up" },
    { type: "scrolled", distance_to_end: 50, direction: "down" },
  ]);
});

it("takes End for asking for the end, wherever it will be", () => {
  const { reported, element } = watched();
  element.dispatchEvent(Object.assign(new Event("keydown"), { key: "End" }));
  expect(reported).toEqual([{ type: "attached" }]);
});

it("says nothing of what the list moves by itself", () => {
  const { reported, wheel, scrollTo } = watched();
  scrollTo(1200);
  wheel(-100);
  vi.advanceTimersByTime(401);
  scrollTo(1000);
  expect(reported).toEqual([{ type: "pulled_up" }]);
});

it("takes no move of the list for the reader's who just asked for the end", () => {
  const { watch, reported, wheel, scrollTo } = watched();
  wheel(-100);
  vi.advanceTimersByTime(300);
  watch.forget();
  scrollTo(1500);
  scrollTo(1480);
  expect(reported).toEqual([{ type: "pulled_up" }]);
});
