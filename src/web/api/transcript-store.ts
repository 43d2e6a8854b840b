import type { Envelope } from "#src/domain/event.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { fromPage, prependPage } from "#src/transcript/page.ts";
import type { TranscriptPage, TranscriptState } from "#src/transcript/rows.ts";

/** Where a store gets its pages and events, and when it may fold: given in, so that tests need no network or clock. */
export type TranscriptSource = {
  /** A page of rows: as many as a few screens show, or with `much` as many as come quickly, for going far back. */
  load: (before: string | null, much: boolean) => Promise<TranscriptPage>;
  watch: (
    cursor: string,
    handlers: { onEvents: (events: readonly Envelope[]) => void; onGap: () => void },
  ) => () => void;
  /** Runs `work` once, with a frame to come; gives back what cancels it. */
  nextFrame: (work: () => void) => () => void;
};

export type TranscriptSnapshot = {
  /** Null until the first page came. A refetch keeps what is there. */
  readonly transcript: TranscriptState | null;
  /** Why the newest page could not be loaded; a transcript beside it is stale. */
  readonly error: Error | null;
  readonly next_before: string | null;
  readonly older: "idle" | "loading" | "failed";
  /** How many rows the whole session had at the last load. */
  readonly total_rows: number;
};

export type TranscriptStore = {
  /** Calls back at most once per frame. While anyone is subscribed, the store follows the session. */
  subscribe: (listener: () => void) => () => void;
  read: () => TranscriptSnapshot;
  /** Fetches the page before the first row, a longer one with `much`; when one is on its way, waits for that. */
  loadOlder: (much?: boolean) => Promise<void>;
  /** Tries again after an error. */
  retry: () => void;
  /** To be called when the server is back: asks again for what failed, or was never answered. */
  recover: () => void;
};

const empty: TranscriptSnapshot = {
  transcript: null,
  error: null,
  next_before: null,
  older: "idle",
  total_rows: 0,
};

/**
 * The rows of one session, kept up to date: the newest page first, then the stream from the page's cursor. Events are
 * buffered and folded once per frame, with one notification. On a gap it fetches again; it never guesses.
 */
export function createTranscriptStore(source: TranscriptSource): TranscriptStore {
  const listeners = new Set<() => void>();
  let snapshot = empty;
  let buffer: Envelope[] = [];
  let cancelFrame: (() => void) | null = null;
  let stopWatching: (() => void) | null = null;
  /** Rises with every fetch of the newest page, so that an answer that was overtaken is dropped. */
  let generation = 0;
  let isFetching = false;
  /** The older page that is on its way. */
  let loading: Promise<void> = Promise.resolve();

  function set(change: Partial<TranscriptSnapshot>): void {
    snapshot = { ...snapshot, ...change };
    for (const listener of listeners) listener();
  }

  function flush(): void {
    cancelFrame = null;
    const events = buffer;
    buffer = [];
    if (!snapshot.transcript) return;
    const transcript = foldAll(snapshot.transcript, events);
    if (transcript !== snapshot.transcript) set({ transcript });
  }

  function follow(cursor: string): void {
    stopWatching?.();
    stopWatching = source.watch(cursor, {
      onEvents: (events) => {
        buffer.push(...events);
        cancelFrame ??= source.nextFrame(flush);
      },
      onGap: () => void refetch(),
    });
  }

  async function refetch(): Promise<void> {
    generation += 1;
    const mine = generation;
    isFetching = true;
    rest();
    try {
      const page = await source.load(null, false);
      if (mine !== generation) return;
      isFetching = false;
      const { next_before, total_rows } = page;
      set({ transcript: fromPage(page), error: null, next_before, total_rows, older: "idle" });
      if (listeners.size > 0) follow(page.cursor);
    } catch (error) {
      if (mine !== generation) return;
      isFetching = false;
      set({ error: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  /**
   * Stops following. What is buffered is dropped with it: the stream goes on from the last folded event. An older page
   * that is on its way is dropped too.
   */
  function rest(): void {
    stopWatching?.();
    stopWatching = null;
    cancelFrame?.();
    cancelFrame = null;
    buffer = [];
    if (snapshot.older === "loading") set({ older: "idle" });
  }

  async function loadOlder(much = false): Promise<void> {
    const { next_before } = snapshot;
    if (next_before === null) return;
    if (snapshot.older !== "loading") loading = fetchOlder(next_before, much);
    await loading;
  }

  async function fetchOlder(next_before: string, much: boolean): Promise<void> {
    const mine = generation;
    set({ older: "loading" });
    try {
      const page = await source.load(next_before, much);
      // After a fetch anew, the page may not be the one before the first row any more.
      if (mine !== generation || snapshot.next_before !== next_before || !snapshot.transcript) return;
      const transcript = prependPage(snapshot.transcript, page);
      set({ transcript, next_before: page.next_before, older: "idle" });
    } catch {
      // The list offers to try again; the reason is the same as that of any other call.
      if (mine === generation) set({ older: "failed" });
    }
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (listeners.size === 1) {
        if (snapshot.transcript) follow(snapshot.transcript.cursor);
        else void refetch();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
          generation += 1;
          isFetching = false;
          rest();
        }
      };
    },
    read: () => snapshot,
    loadOlder,
    retry: () => void refetch(),
    recover: () => {
      if (listeners.size > 0 && (isFetching || snapshot.error !== null)) void refetch();
    },
  };
}
