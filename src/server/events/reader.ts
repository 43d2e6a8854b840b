import { Buffer } from "node:buffer";
import type { Resume } from "#src/contract/stream.ts";
import type { Envelope } from "#src/domain/event.ts";
import type { EventFilter } from "./filter.ts";
import { eventFrame, keepaliveFrame, resumeFrame } from "./frame.ts";
import type { EventHub } from "./hub.ts";

export type ReaderLimits = {
  /** More events than this since the client's cursor are a `gap`: fetching the state anew costs less. */
  replay: number;
  /** Events of one read from the store. */
  page: number;
  /** Bytes kept for a reader that does not read; beyond, it is served from the store when it does. */
  buffer_bytes: number;
};

export const defaultLimits: ReaderLimits = { replay: 20_000, page: 250, buffer_bytes: 256 * 1024 };

export type ReaderOptions = {
  hub: Pick<EventHub, "subscribe" | "read" | "count" | "cursor">;
  filter: EventFilter;
  /** The id of the last event the client has; null: only what comes from now on. */
  after: string | null;
  limits?: Partial<ReaderLimits>;
};

export type Reader = {
  /** The next bytes to send, as soon as there are any; null once it is closed. One call at a time. */
  next(): Promise<Buffer | null>;
  /** Asks for a keepalive frame when nothing else is to be sent. */
  keepAlive(): void;
  close(): void;
};

/**
 * One client's place in the log. Its first bytes are the resume verdict; then comes every event after the verdict's
 * cursor, in order, none missing and none twice (design §4). It hears commits from the start, and whatever does not
 * fit its buffer it reads from the store later, so memory stays bounded however slowly it is read.
 */
export function createReader({ hub, filter, after, limits: given }: ReaderOptions): Reader {
  const limits = { ...defaultLimits, ...given };
  const start = startingPoint(after, hub.cursor());
  /** Every event up to here that passes the filter has been sent or is in `ready`. */
  let position = start.position;
  let ready: Buffer[] = [];
  let ready_bytes = 0;
  /** The store has more than `ready`, or may have. */
  let behind = start.behind;
  let missed_while_behind = false;
  let greeted = false;
  let keepalive_due = false;
  let closed = false;
  let wake: () => void = () => {};

  const unsubscribe = hub.subscribe(filter, (events) => {
    if (behind) missed_while_behind = true;
    else behind = !accept(events);
    wake();
  });

  /** Takes events into the buffer until it is full; false when some were left out. */
  function accept(events: readonly Envelope[]): boolean {
    for (const event of events) {
      const id = Number(event.id);
      if (id <= position) continue;
      const frame = eventFrame(event);
      if (ready_bytes > 0 && ready_bytes + frame.length > limits.buffer_bytes) return false;
      ready.push(frame);
      ready_bytes += frame.length;
      position = id;
    }
    return true;
  }

  function take(): Buffer {
    const chunk = Buffer.concat(ready, ready_bytes);
    ready = [];
    ready_bytes = 0;
    return chunk;
  }

  async function verdict(): Promise<Resume> {
    if (!start.behind) return { status: start.status, cursor: String(start.position) };
    const count = await hub.count({ filter, after: start.position, limit: limits.replay + 1 });
    if (count <= limits.replay) return { status: "ok", cursor: String(start.position) };
    position = hub.cursor();
    behind = false;
    return { status: "gap", cursor: String(position) };
  }

  async function catchUp(): Promise<void> {
    missed_while_behind = false;
    const events = await hub.read({ filter, after: position, limit: limits.page });
    const complete = accept(events);
    behind = !complete || events.length === limits.page || missed_while_behind;
  }

  async function next(): Promise<Buffer | null> {
    if (!greeted) {
      greeted = true;
      return resumeFrame(await verdict());
    }
    for (;;) {
      if (closed) return null;
      if (ready.length > 0) return take();
      if (behind) {
        await catchUp();
      } else if (keepalive_due) {
        keepalive_due = false;
        return keepaliveFrame(hub.cursor());
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  }

  return {
    next,
    keepAlive: () => {
      keepalive_due = true;
      wake();
    },
    close: () => {
      closed = true;
      unsubscribe();
      wake();
    },
  };
}

type Start = Resume & { position: number; behind: boolean };

/** A cursor this log never gave out (of another data directory, or of commits a power failure took) is a gap. */
function startingPoint(after: string | null, newest: number): Omit<Start, "cursor"> {
  if (after === null) return { status: "ok", position: newest, behind: false };
  const known = /^\d+$/.test(after) && Number(after) <= newest;
  if (!known) return { status: "gap", position: newest, behind: false };
  return { status: "ok", position: Number(after), behind: Number(after) < newest };
}
