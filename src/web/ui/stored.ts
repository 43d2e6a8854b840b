import { createStore, type Store } from "#src/lib/store.ts";

type Format<T> = {
  /** Makes the value of what was kept; of null when nothing was, or when it is damaged. */
  parse: (kept: unknown) => T;
  /** What is kept of the value, when that is not all of it. */
  format?: (value: T) => unknown;
};

/** A value that this browser keeps, and that all its tabs follow. A storage that refuses costs only the keeping. */
export function createStored<T>(key: string, { parse, format = (value) => value }: Format<T>): Store<T> {
  const store = createStore<T>(parse(readKept(key)));
  return {
    get: store.get,
    set(next) {
      store.set(next);
      try {
        localStorage.setItem(key, JSON.stringify(format(next)));
      } catch {
        // Blocked or full: it lasts as long as the page.
      }
    },
    subscribe(listener) {
      const handleStorage = (event: StorageEvent) => {
        if (event.key === key) store.set(parse(readKept(key)));
      };
      window.addEventListener("storage", handleStorage);
      const unsubscribe = store.subscribe(listener);
      return () => {
        window.removeEventListener("storage", handleStorage);
        unsubscribe();
      };
    },
  };
}

function readKept(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null; // blocked, damaged, or not in a browser
  }
}
