import { expect, it } from "vitest";
import { type FrameDeps, pacedFrames } from "./frames.ts";

/** A clock whose frames come every 10 ms, as far as `to` lets it go. */
function clock({ hidden = false } = {}) {
  let now = 0;
  const due = new Set<{ at: number; work: () => void }>();
  const plan = (at: number, work: () => void) => {
    const one = { at, work };
    due.add(one);
    return () => void due.delete(one);
  };
  const deps: FrameDeps = {
    now: () => now,
    isHidden: () => hidden,
    frame: (work) => plan((Math.floor(now / 10) + 1) * 10, work),
    timer: (work, ms) => plan(now + ms, work),
  };
  const to = (time: number) => {
    for (;;) {
      const next = [...due].filter(({ at }) => at <= time).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      due.delete(next);
      now = next.at;
      next.work();
    }
    now = time;
  };
  return { deps, to };
}

function drawing(options?: { hidden: boolean }) {
  const { deps, to } = clock(options);
  const frames = pacedFrames(50, deps);
  const drawn: number[] = [];
  return { to, drawn, ask: () => frames(() => drawn.push(deps.now())) };
}

it("gives the next frame after a pause", () => {
  const { to, drawn, ask } = drawing();
  to(3);
  ask();
  to(100);
  ask();
  to(200);
  expect(drawn).toEqual([10, 110]);
});

it("keeps frames apart while they are asked for all the time", () => {
  const { to, drawn, ask } = drawing();
  let cancel = ask();
  for (let time = 1; time <= 200; time += 1) {
    to(time);
    // As a store does: one frame is on its way at a time.
    if (drawn.at(-1) === time) cancel = ask();
  }
  cancel();
  expect(drawn).toEqual([10, 70, 130, 190]);
});

it("gives up what was asked for, before its wait and after it", () => {
  const { to, drawn, ask } = drawing();
  ask();
  to(12);
  const early = ask();
  early();
  const late = ask();
  to(65);
  late();
  to(300);
  expect(drawn).toEqual([10]);
});

it("draws a hidden page by a timer", () => {
  const { to, drawn, ask } = drawing({ hidden: true });
  ask();
  to(1000);
  expect(drawn).toEqual([250]);
});
