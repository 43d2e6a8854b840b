import { BackendError } from "#src/backends/backend-error.ts";
import type { Exchange } from "#src/backends/backend.ts";
import { keepReading, openEventStream, type Reading } from "#src/backends/shared/follow.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { readSse } from "#src/backends/shared/sse.ts";
import type { Backoff } from "#src/lib/backoff.ts";
import { isFinal } from "./errors.ts";
import { EventPage, UniversalEvent } from "./wire.ts";

export type FollowTiming = {
  /** The stream has no keepalive (spec 4): after this much silence the events are asked for, in ms. */
  poll_ms: number;
  max_attempts: number;
  backoff: Backoff;
};

export type EventSource = {
  http: Http;
  session_id: string;
  signal: AbortSignal;
  onExchange?: (exchange: Exchange) => void;
};

export type FollowConfig = EventSource & {
  /** The last sequence that is known. */
  offset: number;
  random: () => number;
  timing: FollowTiming;
  onEvent: (event: UniversalEvent) => void;
  /** Something in the stream that is no event. */
  onJunk: (error: string, raw: string) => void;
};

const PAGE = 1000;

/** Events after `offset`, oldest first, read in pages to the end. */
export async function* readEvents(
  source: EventSource,
  offset: number,
): AsyncGenerator<UniversalEvent, void, void> {
  for (let from = offset; ;) {
    const { events, hasMore } = await readPage(source, from, PAGE);
    yield* events;
    const last = events.at(-1)?.sequence;
    if (!hasMore || last === undefined || last <= from) return;
    from = last;
  }
}

async function readPage(source: EventSource, offset: number, limit: number) {
  const { http, signal } = source;
  const path = `/v1/sessions/${encodeURIComponent(source.session_id)}/events`;
  const page = await http.json({ path, query: { offset, limit, includeRaw: true }, signal }, EventPage);
  return { ...page, events: page.events.toSorted((a, b) => a.sequence - b.sequence) };
}

/**
 * Follows a session's events in order, each once, for as long as they can be had: reconnects by offset, reads a hole
 * in the sequence again before it is accepted (spec 4: gaps are legal, and may be a loss), and asks when the stream is
 * silent. Resolves never.
 * @throws BackendError when the session is gone, the token is refused or the attempts are used up
 */
export function followEvents(config: FollowConfig): Promise<never> {
  const { http, session_id, random, timing, signal } = config;
  let last = config.offset;

  function deliver(event: UniversalEvent): void {
    if (event.sequence <= last) return;
    last = event.sequence;
    config.onEvent(event);
  }

  async function take(event: UniversalEvent): Promise<void> {
    const missing = event.sequence - last - 1;
    if (missing > 0) {
      for (const found of await fill(missing)) if (found.sequence < event.sequence) deliver(found);
    }
    deliver(event);
  }

  /** What is in a hole. Events that are too long to read leave it open. */
  async function fill(missing: number): Promise<UniversalEvent[]> {
    try {
      return (await readPage(config, last, missing)).events;
    } catch (error) {
      if (!(error instanceof BackendError) || error.code !== "too_large") throw error;
      config.onJunk("Events that are too long to read.", "");
      return [];
    }
  }

  async function read(reading: Reading): Promise<void> {
    const watchdog = createWatchdog(timing.poll_ms, () => {
      poll().then(
        (found) => (found ? kept.reopen() : watchdog.reset()),
        (error: Error) => kept.reopen(error),
      );
    });
    try {
      const body = await openEventStream(http, {
        path: `/v1/sessions/${encodeURIComponent(session_id)}/events/sse`,
        query: { offset: last, includeRaw: true },
        signal: reading.signal,
      });
      const onActivity = (): void => {
        reading.onActivity();
        watchdog.reset();
      };
      for await (const frame of readSse(body, { idle_ms: null, onActivity })) {
        if (frame.kind === "oversize") config.onJunk(`An event over ${frame.limit} characters.`, "");
        else await onFrame(frame.data);
      }
    } finally {
      watchdog.stop();
    }
  }

  async function onFrame(data: string): Promise<void> {
    const event = parseEvent(data);
    if (event) await take(event);
    else config.onJunk("A frame that is not an event.", data);
  }

  /** Whether the log has events that the stream did not bring: then the stream is dead. */
  async function poll(): Promise<boolean> {
    const { events } = await readPage(config, last, PAGE);
    events.forEach(deliver);
    return events.length > 0;
  }

  const kept = keepReading({ read, isFinal, random, timing, signal });
  return kept.lost;
}

function parseEvent(data: string): UniversalEvent | null {
  try {
    return UniversalEvent.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
}

/** Calls `onSilence` once when `reset` was not called for `ms`. */
function createWatchdog(ms: number, onSilence: () => void) {
  let stopped = false;
  let timer = setTimeout(onSilence, ms);
  return {
    reset(): void {
      if (stopped) return;
      clearTimeout(timer);
      timer = setTimeout(onSilence, ms);
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
