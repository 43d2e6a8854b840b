import type { Clock } from "./clock.ts";

/**
 * Notices when nothing is heard for a while. Hearing something only notes the time, because it happens with every event:
 * the one timer that runs looks, when it is due, whether there was news meanwhile, and waits for the rest if so.
 */
export function createSilence(clock: Clock, onSilence: (ms: number) => void) {
  let heardAt = clock.now();
  let cancel = () => {};

  const wait = (ms: number, left: number) => {
    cancel = clock.after(left, () => {
      const rest = ms - (clock.now() - heardAt);
      if (rest > 0) wait(ms, rest);
      else onSilence(ms);
    });
  };

  return {
    /** Begins anew: calls back once when nothing was heard for `ms` from now on. */
    await: (ms: number) => {
      cancel();
      heardAt = clock.now();
      wait(ms, ms);
    },
    heard: () => {
      heardAt = clock.now();
    },
    /** Milliseconds since something was heard. */
    lasted: () => clock.now() - heardAt,
    stop: () => cancel(),
  };
}
