/** A scroller that is held at its end. */
export type EndHold = {
  /** Scrolls there now. */
  toEnd: () => void;
  /** To be called where the height is known to have changed: the observer here learns of some of it a frame later. */
  keep: () => void;
  stop: () => void;
};

type Held = {
  scroller: HTMLElement;
  /** What grows inside it. */
  content: HTMLElement;
  /** Stands at its end, and is all that the browser may hold on to by itself (`overflow-anchor`). */
  end: HTMLElement;
  isFollowing: () => boolean;
};

/**
 * Keeps a scroller at its end while it follows. Browsers with scroll anchoring hold the end in view themselves once it
 * is there and something was scrolled: a script that did so would force a layout with every line that streams.
 */
export function holdEnd({ scroller, content, end, isFollowing }: Held): EndHold {
  const canAnchor = CSS.supports("overflow-anchor", "auto");
  let isInView = false;
  let hasScrolled = false;
  /** Since the last scroll. Who moved the view without the height having changed is not to be fought. */
  let hasGrown = false;

  const toEnd = () => {
    if (isFollowing()) scroller.scrollTo(0, scroller.scrollHeight);
  };
  const keep = () => {
    hasGrown = true;
    if (!(canAnchor && isInView && hasScrolled)) toEnd();
  };
  const handleScroll = () => {
    hasGrown = false;
    hasScrolled ||= scroller.scrollTop > 0;
  };

  const view = new ResizeObserver(toEnd);
  view.observe(scroller);
  const inside = new ResizeObserver(keep);
  inside.observe(content);
  const sight = new IntersectionObserver(
    (entries) => {
      isInView = entries.at(-1)?.isIntersecting ?? false;
      if (!isInView && hasGrown) toEnd();
    },
    { root: scroller },
  );
  sight.observe(end);
  scroller.addEventListener("scroll", handleScroll, { passive: true });
  toEnd();

  return {
    toEnd,
    keep,
    stop() {
      view.disconnect();
      inside.disconnect();
      sight.disconnect();
      scroller.removeEventListener("scroll", handleScroll);
    },
  };
}
