import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { attached, follow, type Follow, type FollowEvent, pullsUp } from "./follow.logic.ts";

/** How long after a wheel, touch or key a scroll still counts as the reader's: smooth scrolling trails behind. */
const READER_MS = 400;

type FollowOptions = {
  scroller: RefObject<HTMLElement | null>;
  /** What grows inside it. */
  content: RefObject<HTMLElement | null>;
};

/** Keeps a scroller at its end until the reader pulls away, and tells how much came since. */
export function useFollow({ scroller, content }: FollowOptions): {
  state: Follow;
  dispatch: (event: FollowEvent) => void;
} {
  const current = useRef<Follow>(attached);
  const [state, setState] = useState<Follow>(attached);

  const toEnd = useCallback(() => {
    const element = scroller.current;
    if (element && current.current.following) element.scrollTo(0, element.scrollHeight);
  }, [scroller]);

  const dispatch = useCallback(
    (event: FollowEvent) => {
      const next = follow(current.current, event);
      if (next === current.current) return;
      current.current = next;
      setState(next);
      toEnd();
    },
    [toEnd],
  );

  useLayoutEffect(toEnd, [toEnd]);

  useEffect(() => {
    if (!scroller.current || !content.current) return;
    const observer = new ResizeObserver(toEnd);
    observer.observe(scroller.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [scroller, content, toEnd]);

  useEffect(
    () => (scroller.current ? watchReader(scroller.current, dispatch) : undefined),
    [scroller, dispatch],
  );

  return { state, dispatch };
}

/** Reports what the reader does to a scroller, told apart from what the page does to it. */
function watchReader(element: HTMLElement, dispatch: (event: FollowEvent) => void): () => void {
  const listening = new AbortController();
  const { signal } = listening;
  let readerUntil = 0;
  let dragging = false;
  let touchY = 0;
  let lastTop = element.scrollTop;
  const byReader = () => {
    readerUntil = performance.now() + READER_MS;
  };

  element.addEventListener(
    "wheel",
    (event) => {
      byReader();
      if (event.deltaY < 0) dispatch({ type: "pulled_up" });
    },
    { passive: true, signal },
  );
  element.addEventListener("touchstart", (event) => (touchY = event.touches[0]?.clientY ?? 0), {
    passive: true,
    signal,
  });
  element.addEventListener(
    "touchmove",
    (event) => {
      byReader();
      const y = event.touches[0]?.clientY ?? touchY;
      if (y > touchY + 4) dispatch({ type: "pulled_up" });
      touchY = y;
    },
    { passive: true, signal },
  );
  element.addEventListener(
    "keydown",
    (event) => {
      if (!/^(Arrow|Page|Home|End| )/.test(event.key)) return;
      byReader();
      if (event.target === element && pullsUp(event.key, event.shiftKey)) dispatch({ type: "pulled_up" });
    },
    { signal },
  );
  // A press on the element itself is one on its scroll bar.
  element.addEventListener("pointerdown", (event) => (dragging = event.target === element), { signal });
  window.addEventListener(
    "pointerup",
    () => {
      if (dragging) byReader();
      dragging = false;
    },
    { signal },
  );
  element.addEventListener(
    "scroll",
    () => {
      const top = element.scrollTop;
      const direction = top < lastTop ? "up" : "down";
      const moved = top !== lastTop;
      lastTop = top;
      if (!moved || (!dragging && performance.now() > readerUntil)) return;
      const distance_to_end = element.scrollHeight - element.clientHeight - top;
      dispatch({ type: "scrolled", distance_to_end, direction });
    },
    { passive: true, signal },
  );
  return () => listening.abort();
}
