import * as virtua from "./virtua-core.ts";

type Range = readonly [number, number];
type Place = { index: number; top: number; hidden: boolean };

export type PlacesListener = {
  /** Other items are to be mounted; `sync`: before the next paint. */
  onRange: (sync: boolean) => void;
  onScroll: () => void;
  /** The items' sizes changed while the end was in view, and everything stands where it belongs. */
  onResize: () => void;
};

/** How far beyond the view items are mounted in the direction of a scroll, px: more than a fast scroll goes in a frame. */
const BEYOND = 300;

/** How many items that went out of view may stay mounted: in a list that grows one goes with every one that comes. */
const SPARE_ITEMS = 4;

/**
 * Where the mounted items of a list stand. virtua measures and counts; this writes the result into the page itself, so
 * that a line which grows moves what is below it without a render: a list renders when other items come into view.
 */
export class Places {
  readonly #layout: virtua.Layout;
  readonly #store: virtua.VirtualStore;
  readonly #driver: virtua.Driver;
  readonly #mounted = new Map<HTMLElement, Place>();
  #container: HTMLElement | null = null;
  #height = -1;
  #count: number;
  /** The range that the last render mounted. */
  #range: Range = [0, -1];
  /** After it has put the view right virtua repeats its last range until the next scroll: so many came in front since. */
  #behind = 0;
  #isRendering = false;
  /** As of the last scroll: what moved the view away, a script or a screen reader, is not to be fought. */
  #isEndInView = true;

  constructor(count: number) {
    this.#count = count;
    this.#layout = virtua.createLayout(count);
    this.#store = virtua.createStore(this.#layout);
    this.#driver = virtua.createDriver(this.#store, this.#layout, false);
  }

  /** Begins to watch; call the result to stop. */
  attach(container: HTMLElement, scroller: HTMLElement, listener: PlacesListener): () => void {
    this.#container = container;
    this.#store.$subscribe(virtua.scrolled, () => (this.#behind = 0));
    this.#store.$subscribe(virtua.stateChanged, (sync = false) => {
      if (this.#isRendering) return;
      if (this.#isMounted(this.#rangeNow())) this.write();
      else listener.onRange(sync);
    });
    this.#store.$subscribe(virtua.scrolled, () => {
      const end = this.#store.$getStartSpacerSize() + this.#store.$getTotalSize();
      this.#isEndInView = this.#store.$getScrollOffset() + this.#store.$getViewportSize() >= end;
      listener.onScroll();
    });
    this.#store.$subscribe(virtua.resized, () => {
      if (this.#isEndInView) listener.onResize();
    });
    this.#driver.$observe(container, scroller);
    return () => {
      this.#store.$dispose();
      this.#driver.$dispose();
    };
  }

  /**
   * The first and last index to mount, for a render: of so many items, `shift` telling that new ones are in front.
   * What changes with the number alone is part of that render, and tells nobody.
   */
  rangeFor(count: number, shift: boolean, start: number): Range {
    const added = shift ? count - this.#count : 0;
    if (count < this.#count) this.#behind = 0;
    this.#count = count;
    const [first, last] = this.#rangeNow();
    this.#isRendering = true;
    this.#store.$update(virtua.setLength, count, shift);
    this.#store.$update(virtua.setStart, start);
    this.#isRendering = false;
    this.#range = this.#rangeNow();
    if (added > 0 && this.#range[0] === first && this.#range[1] === last) {
      this.#behind += added;
      this.#range = this.#rangeNow();
    }
    return this.#range;
  }

  #rangeNow(): Range {
    const [first, last] = this.#store.$getRange(BEYOND);
    return [first + this.#behind, last + this.#behind];
  }

  /** Puts an item's element in its place; call the result when it goes. */
  mount(element: HTMLElement, index: number): () => void {
    const hidden = element.style.visibility === "hidden";
    this.#mounted.set(element, { index, top: Number.NaN, hidden });
    const unobserve = this.#driver.$observeItem(element, index);
    return () => {
      this.#mounted.delete(element);
      unobserve();
    };
  }

  /** Brings what is mounted to where it belongs now, and the view with it. */
  write(): void {
    const height = this.#store.$getTotalSize();
    if (this.#container && height !== this.#height) {
      this.#height = height;
      this.#container.style.height = `${height}px`;
    }
    for (const [element, place] of this.#mounted) {
      const top = this.#store.$getItemOffset(place.index);
      if (top !== place.top) element.style.top = `${top}px`;
      place.top = top;
      // Until it is measured nobody knows what stands below it.
      const hidden = this.#layout.$isSizeEqual(place.index);
      if (hidden !== place.hidden) element.style.visibility = hidden ? "hidden" : "";
      place.hidden = hidden;
    }
    this.#driver.$effect();
  }

  /** Whether a range is mounted, with no more beside it than is worth keeping until the next render. */
  #isMounted([first, last]: Range): boolean {
    const [firstMounted, lastMounted] = this.#range;
    if (first < firstMounted || last > lastMounted) return false;
    return lastMounted - firstMounted - (last - first) <= SPARE_ITEMS;
  }

  /** The index at the top of the view. */
  topIndex(): number {
    return this.#layout.$findIndex(this.#store.$getScrollOffset() - this.#store.$getStartSpacerSize());
  }

  /** Pixels scrolled, in all, and of the view. */
  extent(): { top: number; height: number; view: number } {
    const view = this.#store.$getViewportSize();
    return {
      top: this.#store.$getScrollOffset(),
      height: Math.max(this.#store.$getTotalSize(), view),
      view,
    };
  }

  /** Scrolls an item to the middle, again while those on the way turn out taller or lower than thought. */
  center(index: number): void {
    void this.#driver.$scroll(index, { align: "center" });
  }
}
