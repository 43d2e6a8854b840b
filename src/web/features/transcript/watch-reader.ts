import { type FollowEvent, NEAR_END, scrollKey } from "./follow.logic.ts";

/** How long after a wheel, touch or key a scroll still counts as the reader's: smooth scrolling trails behind. */
const READER_MS = 400;

type Intent = "up" | "down";

export type ReaderWatch = {
  /** What the reader meant so far is past: they asked for the end since. */
  forget: () => void;
  stop: () => void;
};

/**
 * Reports what the reader does to a scroller. The list moves it too, when rows turn out taller than they were thought
 * to be, so a change of position alone says nothing: it counts when a wheel, a finger, a key or the bar meant it.
 */
export function watchReader(
  element: HTMLElement,
  window: EventTarget,
  dispatch: (event: FollowEvent) => void,
): ReaderWatch {
  const listening = new AbortController();
  const options = { passive: true, signal: listening.signal };
  let intent: { direction: Intent; until: number } | null = null;
  let dragging = false;
  let touchY = 0;
  let lastTop = element.scrollTop;
  const isMeant = () => dragging || (intent !== null && performance.now() <= intent.until);
  /** Notes what the reader is about to do, and from where. */
  const mean = (direction: Intent) => {
    if (!isMeant()) lastTop = element.scrollTop;
    intent = { direction, until: performance.now() + READER_MS };
    if (direction === "up") dispatch({ type: "pulled_up" });
  };
  const handleScroll = () => {
    // Where the list moves itself, with every line that streams, nothing is read: that would force a layout.
    if (!isMeant()) return;
    const top = element.scrollTop;
    const moved: Intent = top < lastTop ? "up" : "down";
    lastTop = top;
    if (!dragging && intent?.direction !== moved) return;
    const distance_to_end = element.scrollHeight - element.clientHeight - top;
    dispatch({ type: "scrolled", distance_to_end, direction: moved });
  };
  const handleTouchMove = (event: TouchEvent) => {
    const y = event.touches[0]?.clientY ?? touchY;
    if (Math.abs(y - touchY) < 4) return;
    mean(y > touchY ? "up" : "down");
    touchY = y;
  };
  const handleKey = (event: KeyboardEvent) => {
    if (event.target !== element) return;
    // The browser would scroll to where the end is now, and rows that come into view move it on.
    if (event.key === "End") return dispatch({ type: "attached" });
    const direction = scrollKey(event.key, event.shiftKey);
    if (direction) mean(direction);
  };

  /** A press on the element itself is one on its scroll bar. */
  const handlePress = (event: PointerEvent) => {
    dragging = event.target === element;
    lastTop = element.scrollTop;
  };

  /** Who goes through the rows with the Tab key reads them, wherever the browser has to scroll for it. */
  const handleFocus = (event: FocusEvent) => {
    const { target } = event;
    if (target === element || !(target instanceof HTMLElement) || !target.matches(":focus-visible")) return;
    const distance_to_end =
      element.scrollHeight -
      element.scrollTop -
      (target.getBoundingClientRect().bottom - element.getBoundingClientRect().top);
    if (distance_to_end > NEAR_END) dispatch({ type: "pulled_up" });
  };

  element.addEventListener("focusin", handleFocus, options);
  element.addEventListener("scroll", handleScroll, options);
  element.addEventListener("wheel", (event) => mean(event.deltaY < 0 ? "up" : "down"), options);
  element.addEventListener("touchstart", (event) => (touchY = event.touches[0]?.clientY ?? 0), options);
  element.addEventListener("touchmove", handleTouchMove, options);
  element.addEventListener("keydown", handleKey, options);
  element.addEventListener("pointerdown", handlePress, options);
  window.addEventListener("pointerup", () => (dragging = false), options);
  return {
    forget() {
      intent = null;
      dragging = false;
    },
    stop: () => listening.abort(),
  };
}
