import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { attached, follow, type Follow, type FollowEvent, NEAR_END, scrollKey } from "./follow.logic.ts";
import { type EndHold, holdEnd } from "./hold-end.ts";

/** How long after a wheel, touch or key a scroll still counts as the reader's: smooth scrolling trails behind. */
const READER_MS = 400;

type Elements = Record<"scroller" | "content" | "end", RefObject<HTMLElement | null>>;

/** Keeps a scroller at its end until the reader pulls away, and tells how much came since. */
export function useFollow({ scroller, content, end }: Elements): {
  state: Follow;
  dispatch: (event: FollowEvent) => void;
  /** To be called where the height is known to have changed. */
  keepAtEnd: () => void;
} {
  const current = useRef<Follow>(attached);
  const hold = useRef<EndHold>(null);
  const [state, setState] = useState<Follow>(attached);

  const dispatch = useCallback((event: FollowEvent) => {
    const next = follow(current.current, event);
    if (next === current.current) return;
    current.current = next;
    setState(next);
    hold.current?.toEnd();
  }, []);
  const keepAtEnd = useCallback(() => hold.current?.keep(), []);

  useLayoutEffect(() => {
    if (!scroller.current || !content.current || !end.current) return;
    const holding = holdEnd({
      scroller: scroller.current,
      content: content.current,
      end: end.current,
      isFollowing: () => current.current.following,
    });
    hold.current = holding;
    return () => {
      hold.current = null;
      holding.stop();
    };
  }, [scroller, content, end]);

  useEffect(
    () => (scroller.current ? watchReader(scroller.current, dispatch) : undefined),
    [scroller, dispatch],
  );

  return { state, dispatch, keepAtEnd };
}

type Intent = "up" | "down";

/**
 * Reports what the reader does to a scroller. The list moves it too, when rows turn out taller than they were thought
 * to be, so a change of position alone says nothing: it counts when a wheel, a finger, a key or the bar meant it.
 */
function watchReader(element: HTMLElement, dispatch: (event: FollowEvent) => void): () => void {
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
    const direction = event.target === element ? scrollKey(event.key, event.shiftKey) : null;
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
  return () => listening.abort();
}
