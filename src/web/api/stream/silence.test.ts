import { describe, expect, it, vi } from "vitest";
import { FakeClock } from "./fake-stream.ts";
import { createSilence } from "./silence.ts";

function setUp() {
  const clock = new FakeClock();
  const onSilence = vi.fn();
  return { clock, onSilence, silence: createSilence(clock, onSilence) };
}

describe("createSilence", () => {
  it("calls back once, that long after the last word", () => {
    const { clock, onSilence, silence } = setUp();
    silence.await(100);
    clock.advance(60);
    silence.heard();
    clock.advance(60);
    silence.heard();
    clock.advance(99);
    expect(onSilence).not.toHaveBeenCalled();
    expect(silence.lasted()).toBe(99);
    clock.advance(1);
    expect(onSilence.mock.calls).toEqual([[100]]);
    clock.advance(1000);
    expect(onSilence).toHaveBeenCalledOnce();
  });

  it("sets no timer for a word", () => {
    const { clock, silence } = setUp();
    const after = vi.spyOn(clock, "after");
    silence.await(100);
    for (let word = 0; word < 50; word += 1) silence.heard();
    expect(after).toHaveBeenCalledOnce();
  });

  it("begins anew with another span, and ends when told to", () => {
    const { clock, onSilence, silence } = setUp();
    silence.await(10);
    silence.await(100);
    clock.advance(99);
    expect(onSilence).not.toHaveBeenCalled();
    silence.stop();
    clock.advance(1000);
    expect(onSilence).not.toHaveBeenCalled();
  });
});
