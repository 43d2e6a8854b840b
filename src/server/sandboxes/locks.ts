export type Locks = {
  /** Runs `work` when everything queued before it under the same key has ended, however it ended. */
  hold<T>(key: string, work: () => Promise<T>): Promise<T>;
};

/** One queue per key: what touches one sandbox happens in order, different sandboxes do not wait for each other. */
export function createLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  return {
    hold(key, work) {
      const result = (tails.get(key) ?? Promise.resolve()).then(work);
      // The queue goes on after a failure; the caller gets it through `result`.
      const tail = result.then(noop, noop).then(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
      tails.set(key, tail);
      return result;
    },
  };
}

function noop(): void {}
