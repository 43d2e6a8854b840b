import { isDeepStrictEqual } from "node:util";

export type PromptLists<T> = {
  /** What a backend has, by any key of its list; when it takes its time, what it told last. Fails as `ask` does, when that is soon. */
  list(key: string, ask: () => Promise<readonly T[]>): Promise<readonly T[]>;
};

/**
 * Lists that backends keep, for answers that no backend may hold up. One that does not answer within `patience_ms` is
 * answered for by what it told last; `onNews` says when it then told something else.
 */
export function createPromptLists<T>(patience_ms: number, onNews: () => void): PromptLists<T> {
  const known = new Map<string, readonly T[]>();

  return {
    async list(key, ask) {
      const before = known.get(key) ?? [];
      const answer = ask().then((found) => {
        known.set(key, found);
        return found;
      });
      let timer: ReturnType<typeof setTimeout> | undefined;
      const patience = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), patience_ms);
      });
      try {
        const found = await Promise.race([answer, patience]);
        if (found) return found;
      } finally {
        clearTimeout(timer);
      }
      answer.then(
        (found) => {
          if (!isDeepStrictEqual(found, before)) onNews();
        },
        // How the backend is doing is told by its own state.
        () => undefined,
      );
      return before;
    },
  };
}
