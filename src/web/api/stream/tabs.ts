import type { Bus, TabMessage } from "./messages.ts";

const channelName = "sandbar.stream";
const leaderLock = "sandbar.stream.leader";
const tabLock = (tab: string) => `sandbar.stream.tab.${tab}`;

/**
 * A bus over all tabs. Where the browser has no Web Locks every tab leads itself and follows no other: a bus of this tab
 * alone.
 */
export function openBus(locks: Locks): Bus & { close: () => void } {
  const listeners = new Set<(message: TabMessage) => void>();
  const channel = locks ? new BroadcastChannel(channelName) : null;
  const tell = (message: TabMessage) => {
    for (const listener of listeners) listener(message);
  };
  // Only pages of this origin reach the channel, and all of them are this page.
  channel?.addEventListener("message", ({ data }: MessageEvent<TabMessage>) => tell(data));
  return {
    post: (message) => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target
      channel?.postMessage(message);
      tell(message);
    },
    tell,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => channel?.close(),
  };
}

export type Locks = Pick<LockManager, "request"> | undefined;

/** Holds a lock as long as this tab lives, so that the leader can tell when it is gone. */
export function holdTabLock(locks: Locks, tab: string): () => void {
  const controller = new AbortController();
  void hold(locks, tabLock(tab), {}, controller.signal);
  return () => controller.abort();
}

/** Calls back when another tab no longer lives. */
export function whenTabGone(locks: Locks, tab: string, action: () => void): void {
  void locks?.request(tabLock(tab), action);
}

/**
 * Calls `lead` when this tab is to hold the stream and the function it gave back when it no longer is. Without Web Locks
 * (plain HTTP to another machine) every tab leads itself.
 */
export function standForLeader(
  locks: Locks,
  lead: () => () => void,
): { steal: () => void; stop: () => void } {
  let candidacy = new AbortController();
  const stand = async (options: LockOptions): Promise<void> => {
    candidacy.abort();
    const own = new AbortController();
    candidacy = own;
    let stepDown = () => {};
    await hold(locks, leaderLock, options, own.signal, () => {
      stepDown = lead();
    });
    stepDown();
    // Stolen by a tab that found this one mute: stand again, behind it.
    if (!own.signal.aborted) await stand({});
  };
  void stand({});
  return { steal: () => void stand({ steal: true }), stop: () => candidacy.abort() };
}

/** Takes a lock and keeps it until the signal says so or another tab steals it. */
async function hold(
  locks: Locks,
  name: string,
  options: LockOptions,
  signal: AbortSignal,
  onHeld: () => void = () => {},
): Promise<void> {
  const released = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  const keep = () => {
    if (signal.aborted) return undefined;
    onHeld();
    return released;
  };
  if (!locks) return keep();
  try {
    // A request that steals may not carry a signal.
    await locks.request(name, options.steal ? options : { ...options, signal }, keep);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
  }
}
