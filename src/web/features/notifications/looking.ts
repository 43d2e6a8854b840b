const lockName = (session_id: string) => `sandbar.looking.${session_id}`;

/**
 * Tells every tab that a person has a session in front of them, as long as this tab is visible and focused. A lock, for
 * it goes with the tab however that ends. Call the result when the session is left.
 */
export function lookAt(session_id: string): () => void {
  let release: AbortController | null = null;
  const update = () => {
    const isLooking = document.visibilityState === "visible" && document.hasFocus();
    if (isLooking && !release) {
      release = new AbortController();
      void hold(lockName(session_id), release.signal);
    } else if (!isLooking) {
      release?.abort();
      release = null;
    }
  };
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener("focus", update, { signal });
  window.addEventListener("blur", update, { signal });
  document.addEventListener("visibilitychange", update, { signal });
  update();
  return () => {
    stop.abort();
    release?.abort();
  };
}

/** Whether a person has the session in front of them, in this tab or another. */
export async function isLookedAt(session_id: string): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === lockName(session_id));
}

/** Takes a lock that others may hold too, until the signal says so. */
async function hold(name: string, signal: AbortSignal): Promise<void> {
  const released = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  await navigator.locks.request(name, { mode: "shared" }, () => released);
}
