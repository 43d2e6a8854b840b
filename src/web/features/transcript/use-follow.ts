import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { attached, follow, type Follow, type FollowEvent } from "./follow.logic.ts";
import { type EndHold, holdEnd } from "./hold-end.ts";
import { type ReaderWatch, watchReader } from "./watch-reader.ts";

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
  const reader = useRef<ReaderWatch>(null);
  const [state, setState] = useState<Follow>(attached);

  const dispatch = useCallback((event: FollowEvent) => {
    if (event.type === "attached") reader.current?.forget();
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

  useEffect(() => {
    if (!scroller.current) return;
    const watch = watchReader(scroller.current, window, dispatch);
    reader.current = watch;
    return () => {
      reader.current = null;
      watch.stop();
    };
  }, [scroller, dispatch]);

  return { state, dispatch, keepAtEnd };
}
