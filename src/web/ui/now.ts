import { useSyncExternalStore } from "react";

/** A clock that many components read and one timer drives, so that times on a page change together. */
function clock(intervalMs: number) {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      timer ??= setInterval(() => {
        now = Date.now();
        for (const notify of listeners) notify();
      }, intervalMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    read: () => {
      if (timer === undefined) now = Math.max(now, Math.floor(Date.now() / intervalMs) * intervalMs);
      return now;
    },
  };
}

const perSecond = clock(1000);
const perTenSeconds = clock(10_000);

/** Milliseconds since the epoch, changing every second (`fast`) or every ten. */
export function useNow(pace: "fast" | "slow" = "slow"): number {
  const source = pace === "fast" ? perSecond : perTenSeconds;
  return useSyncExternalStore(source.subscribe, source.read);
}
