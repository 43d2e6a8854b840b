import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { PendingRequest } from "#src/domain/request.ts";
import { createStore } from "#src/lib/store.ts";
import { bringBack, emptyQueue, putAside, syncQueue } from "./dialog-queue.logic.ts";

const subscribeVisibility = (listener: () => void) => {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
};

/** Which request stands in the dialog, and since when; the rules are `dialog-queue.logic.ts`'s. */
export function useRequestDialog(
  pending: readonly PendingRequest[],
  /** Told when the shown request was resolved, and not from this dialog. */
  onResolvedElsewhere: (request: PendingRequest) => void,
) {
  // A store and not state: what is shown depends on the clock, which only effects and handlers may read.
  const [store] = useState(() => createStore(emptyQueue));
  const queue = useSyncExternalStore(store.subscribe, store.get);
  const inFront = useSyncExternalStore(subscribeVisibility, () => !document.hidden);
  const shownRequest = pending.find((request) => request.id === queue.shown?.id) ?? null;
  const lastShown = useRef<PendingRequest | null>(null);
  const answered = useRef(new Set<string>());

  useEffect(() => {
    store.set(syncQueue(store.get(), pending, inFront, performance.now()));
    const last = lastShown.current;
    if (last && !pending.some((request) => request.id === last.id)) {
      lastShown.current = null;
      if (!answered.current.has(last.id)) onResolvedElsewhere(last);
    }
  }, [store, pending, inFront, onResolvedElsewhere]);

  useEffect(() => {
    if (shownRequest) lastShown.current = shownRequest;
  }, [shownRequest]);

  return {
    shown: shownRequest && queue.shown ? { request: shownRequest, since: queue.shown.since } : null,
    putAside: () => {
      lastShown.current = null;
      store.set(putAside(store.get(), pending));
    },
    open: (id: string) => store.set(bringBack(store.get(), id, performance.now())),
    /** Notes that a request was answered here, so that its end is no news. */
    noteAnswered: (id: string) => void answered.current.add(id),
  };
}
