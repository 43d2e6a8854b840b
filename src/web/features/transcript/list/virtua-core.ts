import * as core from "virtua/unstable_core";

// virtua offers its core for bindings of one's own, but publishes it without types: these are the parts used here, as
// they are in the version that package.json names.

/** Sizes and offsets of the items, measured or estimated. */
export type Layout = {
  $findIndex: (offset: number) => number;
  /** Whether an item has this size; without one, whether it was never measured. */
  $isSizeEqual: (index: number, size?: number) => boolean;
};

/** What is in view, and what changes that. */
export type VirtualStore = {
  $getStateVersion: () => number;
  /** First and last index to be mounted, with those so many pixels beyond the view. */
  $getRange: (beyond: number) => [number, number];
  $getItemOffset: (index: number) => number;
  $getScrollOffset: () => number;
  $getViewportSize: () => number;
  $getStartSpacerSize: () => number;
  $getTotalSize: () => number;
  $subscribe: (target: number, listener: (sync?: boolean) => void) => () => void;
  $update: (action: number, value: number, shift?: boolean) => void;
  $dispose: () => void;
};

/** Watches the scroller and the items. */
export type Driver = {
  $observe: (container: HTMLElement, scroller: HTMLElement) => void;
  $observeItem: (element: HTMLElement, index: number) => () => void;
  $scroll: (index: number, options: { align: "center" }) => Promise<void>;
  /** Mends the scroll position after the places were written. */
  $effect: () => void;
  $dispose: () => void;
};

export const createLayout: (count: number) => Layout = core.createListLayout;
export const createStore: (layout: Layout) => VirtualStore = core.createVirtualStore;
export const createDriver: (store: VirtualStore, layout: Layout, horizontal: boolean) => Driver =
  core.createContainerDriver;
export const setLength: number = core.ACTION_ITEMS_LENGTH_CHANGE;
export const setStart: number = core.ACTION_START_OFFSET_CHANGE;
export const stateChanged: number = core.UPDATE_VIRTUAL_STATE;
export const scrolled: number = core.UPDATE_SCROLL_EVENT;
export const resized: number = core.UPDATE_SIZE_EVENT;
