import { describe, expect, it, vi } from "vitest";
import { Places } from "./places.ts";

// virtua asks it whether the page runs on an iPhone.
vi.stubGlobal("navigator", { userAgent: "", platform: "", maxTouchPoints: 0 });

type Entry = { target: FakeElement; contentRect: { width: number; height: number } };

/** As much of an element as virtua and the list touch. */
class FakeElement {
  readonly style: Record<string, string> = {};
  readonly offsetParent = {};
  readonly isConnected = true;
  readonly ownerDocument: { defaultView: unknown };
  readonly listeners = new Map<string, () => void>();
  scrollTop = 0;
  contains = () => true;

  constructor(window: unknown) {
    this.ownerDocument = { defaultView: window };
  }

  addEventListener = (name: string, listener: () => void) => this.listeners.set(name, listener);
  removeEventListener = (name: string) => this.listeners.delete(name);
  scrollTo = ({ top }: { top: number }) => (this.scrollTop = top);
  scrollBy = ({ top }: { top: number }) => (this.scrollTop += top);
}

/** A list of `count` items in a view of 100 px, with what the page does after each change of its range. */
function setUp(count: number) {
  let report: (entries: Entry[]) => void = () => {};
  const window = {
    ResizeObserver: class {
      constructor(callback: (entries: Entry[]) => void) {
        report = callback;
      }
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  };
  const asElement = (fake: FakeElement) => fake as unknown as HTMLElement;
  const [container, scroller] = [new FakeElement(window), new FakeElement(window)];
  const elements = new Map<number, { fake: FakeElement; stop: () => void }>();
  const places = new Places(count);
  const listener = { onRange: vi.fn(() => render(count)), onScroll: vi.fn(), onResize: vi.fn() };

  function render(length: number, shift = false) {
    const [first, last] = places.rangeFor(length, shift, 0);
    for (const [index, { stop }] of elements) {
      if (index >= first && index <= last) continue;
      stop();
      elements.delete(index);
    }
    for (let index = first; index <= last; index += 1) {
      if (elements.has(index)) continue;
      const fake = new FakeElement(window);
      elements.set(index, { fake, stop: places.mount(asElement(fake), index) });
    }
    places.write();
  }

  const resize = (...sizes: [FakeElement, number][]) =>
    report(sizes.map(([target, height]) => ({ target, contentRect: { width: 100, height } })));
  const item = (index: number) => elements.get(index)!.fake;
  render(count);
  places.attach(asElement(container), asElement(scroller), listener);
  resize([scroller, 100]);
  return { places, container, scroller, listener, item, resize, render, mounted: () => [...elements.keys()] };
}

describe("Places", () => {
  it("hides an item until it is measured, and puts those below where they belong", () => {
    const { item, resize, container, mounted } = setUp(3);
    expect(mounted()).toEqual([0, 1, 2]);
    expect(item(1).style.visibility).toBe("hidden");
    resize([item(0), 30], [item(1), 20], [item(2), 10]);
    expect([0, 1, 2].map((index) => item(index).style)).toEqual([
      { top: "0px", visibility: "" },
      { top: "30px", visibility: "" },
      { top: "50px", visibility: "" },
    ]);
    expect(container.style["height"]).toBe("60px");
  });

  it("moves what is below a line that grows without a render, and says that it grew", () => {
    const { item, resize, container, listener } = setUp(3);
    resize([item(0), 30], [item(1), 20], [item(2), 10]);
    listener.onRange.mockClear();
    listener.onResize.mockClear();
    resize([item(1), 44]);
    expect(listener.onRange).not.toHaveBeenCalled();
    expect(listener.onResize).toHaveBeenCalledOnce();
    expect([item(2).style["top"], container.style["height"]]).toEqual(["74px", "84px"]);
  });

  it("asks for a render when other items come into view", () => {
    const { item, resize, scroller, listener, mounted, places } = setUp(100);
    const sized = () => mounted().map((index): [FakeElement, number] => [item(index), 50]);
    resize(...sized());
    resize(...sized());
    expect(mounted()).not.toContain(40);
    listener.onRange.mockClear();
    scroller.scrollTop = 2000;
    scroller.listeners.get("scroll")?.();
    expect(listener.onScroll).toHaveBeenCalled();
    expect(listener.onRange).toHaveBeenCalledOnce();
    expect(mounted()).toContain(40);
    expect(places.topIndex()).toBe(40);
    listener.onResize.mockClear();
    resize([item(40), 70]);
    expect(listener.onResize).not.toHaveBeenCalled();
    expect(places.extent()).toMatchObject({ top: 2000, view: 100 });
  });

  it("keeps what is in view mounted when items come in front of a view that was just put right", () => {
    const { item, resize, scroller, mounted, places } = setUp(100);
    const scrollTo = (top: number) => {
      scroller.scrollTop = top;
      scroller.listeners.get("scroll")?.();
      resize(...mounted().map((index): [FakeElement, number] => [item(index), 50]));
    };
    scrollTo(2000);
    scrollTo(1990);
    const [first, last] = places.rangeFor(100, false, 0);
    resize([item(first), 70]);
    expect(scroller.scrollTop, "as the item above the view grew").toBe(2010);

    expect(places.rangeFor(300, true, 0)).toEqual([first + 200, last + 200]);
    places.write();
    expect(places.rangeFor(300, false, 0), "also when more is rendered before the next scroll").toEqual([
      first + 200,
      last + 200,
    ]);
    scroller.listeners.get("scroll")?.();
    expect(places.rangeFor(300, false, 0)).toEqual([first + 200, last + 200]);
  });

  it("takes a change of their number in a render for no news", () => {
    const { render, listener, item, resize } = setUp(2);
    resize([item(0), 30], [item(1), 20]);
    listener.onRange.mockClear();
    render(3);
    expect(listener.onRange).not.toHaveBeenCalled();
    expect(item(2).style["top"]).toBe("50px");
  });
});
