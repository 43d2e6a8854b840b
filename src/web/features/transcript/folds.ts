import { useCallback, useSyncExternalStore } from "react";

/** What a reader opened and closed. It outlives the rows, which come and go with the scrolling. */
export class Folds {
  readonly #open = new Map<string, boolean>();
  readonly #listeners = new Set<() => void>();

  /** Whether the reader opened (true) or closed (false) it; undefined leaves it to the row. */
  get = (key: string): boolean | undefined => this.#open.get(key);

  set = (key: string, open: boolean): void => {
    if (this.#open.get(key) === open) return;
    this.#open.set(key, open);
    for (const listener of this.#listeners) listener();
  };

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** Whether one is open, and how to change that. `byDefault` holds until the reader decides. */
export function useFold(folds: Folds, key: string, byDefault: boolean): [boolean, (open: boolean) => void] {
  const open = useSyncExternalStore(folds.subscribe, () => folds.get(key) ?? byDefault);
  const setOpen = useCallback((next: boolean) => folds.set(key, next), [folds, key]);
  return [open, setOpen];
}
