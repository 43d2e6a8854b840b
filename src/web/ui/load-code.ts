import { type ComponentType, lazy, type LazyExoticComponent } from "react";
import { backoffDelay } from "#src/lib/backoff.ts";

/** What loading depends on, for tests. */
export type LoadDeps = {
  /** Whether the server answers at all. */
  isServerThere: () => Promise<boolean>;
  /** Waits before try number `attempt`, from 0. */
  pause: (attempt: number) => Promise<void>;
};

const backoff = { base_ms: 500, max_ms: 10_000 };

/**
 * Loads a part of the page. While the server cannot be reached it tries again, so a cut network holds a part back and
 * breaks nothing. Rejects when the server answers and the part still does not come: a newer build no longer has it.
 */
export async function loadCode<T>(load: () => Promise<T>, deps: LoadDeps = browser): Promise<T> {
  let wasThere = false;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await load();
    } catch (error) {
      const isThere = await deps.isServerThere();
      if (isThere && wasThere) throw error;
      wasThere = isThere;
      if (!isThere) await deps.pause(attempt);
    }
  }
}

/** A component that loads, as `loadCode` does, when it is first rendered. */
export function lazyPart<Props>(
  load: () => Promise<ComponentType<Props>>,
): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => ({ default: await loadCode(load) }));
}

/** Loads a part of the page ahead of its use. When it does not come now, its use loads it, and says why that failed. */
export function preloadCode(load: () => Promise<unknown>): void {
  load().catch(() => undefined);
}

const browser: LoadDeps = {
  async isServerThere() {
    try {
      // oxlint-disable-next-line no-restricted-globals -- what it answers is not read, only that it does
      const answer = await fetch(import.meta.url, { method: "HEAD", cache: "no-store" });
      return answer.status < 500;
    } catch {
      return false;
    }
  },
  pause: (attempt) =>
    new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        window.removeEventListener("online", go);
        resolve();
      };
      const timer = setTimeout(go, backoffDelay(attempt, backoff, Math.random));
      window.addEventListener("online", go);
    }),
};
