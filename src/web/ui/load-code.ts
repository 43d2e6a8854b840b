import { type ComponentType, lazy, type LazyExoticComponent } from "react";
import { backoffDelay } from "#src/lib/backoff.ts";

/** What a look at the server shows: it does not answer, it has the build that this page is of, or another. */
export type Found = "nothing" | "this_build" | "another_build";

/** What loading depends on, for tests. */
export type LoadDeps = {
  look: () => Promise<Found>;
  /** Waits before try number `attempt`, from 0. */
  pause: (attempt: number) => Promise<void>;
};

const backoff = { base_ms: 500, max_ms: 10_000 };

/** How long the server may take to answer; on a connection that died without a word it never does. */
const answerMs = 10_000;

/** How often a part may fail to come from a server that has it: some browsers never ask again for one that failed. */
const MOST_TRIES = 8;

/**
 * Loads a part of the page. While it could come, it tries again, so a network that is cut or loses much holds a part back
 * and breaks nothing. Rejects when the server has another build, when the part never comes though the server answers, and
 * when it came and failed by itself.
 */
export async function loadCode<T>(load: () => Promise<T>, deps: LoadDeps = browser): Promise<T> {
  let misses = 0;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await load();
    } catch (error) {
      if (!isNotFetched(error)) throw error;
      const found = await deps.look();
      // The server may have come back with what was not there a moment ago.
      if (found === "another_build") return await load();
      misses = found === "nothing" ? 0 : misses + 1;
      if (misses === MOST_TRIES) throw error;
      if (found === "nothing" || attempt > 0) await deps.pause(attempt);
    }
  }
}

/** Whether a part of the page did not come, in the words of each browser. */
export function isNotFetched(error: unknown): boolean {
  return error instanceof TypeError && /dynamically imported module|module script/i.test(error.message);
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
  async look() {
    try {
      // oxlint-disable-next-line no-restricted-globals -- the page itself, which is not of the API
      const answer = await fetch("/", { cache: "no-store", signal: AbortSignal.timeout(answerMs) });
      const page = await answer.text();
      if (!answer.ok || !page.includes('id="root"')) return "nothing";
      return page.includes(entry()) ? "this_build" : "another_build";
    } catch {
      return "nothing";
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

/** The file that this page began with: its name changes with every build. */
function entry(): string {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  return script?.getAttribute("src") ?? "";
}
