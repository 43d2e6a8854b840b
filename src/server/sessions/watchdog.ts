/** Notices when something has been silent for too long. */
export type Watchdog = {
  /** There was a sign of life: the wait starts anew. */
  feed(): void;
  /** Nothing is expected any more. */
  rest(): void;
};

/** Calls `onSilence` once `silence_ms` have passed since the last `feed`, unless it was put to rest. */
export function createWatchdog(silence_ms: number, onSilence: () => void): Watchdog {
  let timer: ReturnType<typeof setTimeout> | null = null;

  function rest(): void {
    if (timer) clearTimeout(timer);
    timer = null;
  }

  return {
    feed() {
      rest();
      timer = setTimeout(() => {
        timer = null;
        onSilence();
      }, silence_ms);
      timer.unref();
    },
    rest,
  };
}
