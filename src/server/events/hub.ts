import type { Envelope } from "#src/domain/event.ts";
import { countEvents, newestEventId, readEvents, readLoggedEvents } from "../store/events.ts";
import type { EventQuery, LoggedEvent } from "../store/events.ts";
import type { Store } from "../store/open.ts";
import { toStoreError } from "../store/store-error.ts";
import { type EventFilter, matches } from "./filter.ts";
import {
  type Alongside,
  type NewEvent,
  type Outcome,
  prepare,
  type Pending,
  writeBatch,
} from "./write-batch.ts";

export type AppendOptions = { alongside?: Alongside };

export type HubHealth = { ok: true } | { ok: false; message: string; since: string };

/** Called with the events of one commit that pass the filter, in the order of their ids; must not throw. */
export type Listener = (events: readonly Envelope[]) => void;

/** The one way into the log, and out of it: sequence, commit, then fan-out (design §6). */
export type EventHub = {
  /** Stores the events and resolves with them once they are committed and sent. Order is the order of the calls. */
  append(events: readonly NewEvent[], options?: AppendOptions): Promise<Envelope[]>;
  /** Hears every later commit. Returns the way to stop. */
  subscribe(filter: EventFilter, listener: Listener): () => void;
  /** Stored events, oldest first. */
  read(query: EventQuery): Promise<Envelope[]>;
  /** The same with upstream payloads. */
  readRaw(query: EventQuery): Promise<LoggedEvent[]>;
  /** How many stored events pass, up to `limit`. */
  count(query: EventQuery): Promise<number>;
  /** The id of the newest event that was sent; 0 before the first. */
  cursor(): number;
  /** Whether the last commit worked, for the health check and a banner. */
  health(): HubHealth;
  /** Resolves when everything appended so far is committed or refused. */
  drain(): Promise<void>;
};

export type HubOptions = {
  store: Store;
  now: () => Date;
  /** Hears of each change between working and failing. */
  onHealthChange?: (health: HubHealth) => void;
  /** A listener threw: a fault in the server, to be logged. */
  onListenerError: (error: unknown) => void;
};

type Waiting = Pending & { resolve: (envelopes: Envelope[]) => void; reject: (error: unknown) => void };

const APPENDS_PER_COMMIT = 500;

/** Opens the hub at the end of the stored log. */
export async function createHub(options: HubOptions): Promise<EventHub> {
  const { db, file } = options.store;
  const subscribers = new Set<{ filter: EventFilter; listener: Listener }>();
  let cursor = await newestEventId(db);
  let health: HubHealth = { ok: true };
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | null = null;

  /** Everything that arrives while one commit runs goes into the next: one transaction for many appends. */
  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      // Between two commits the readers get their turn; else a burst would overrun their buffers.
      await new Promise((resolve) => setImmediate(resolve));
      const batch = waiting;
      waiting = batch.splice(APPENDS_PER_COMMIT);
      await commit(batch);
    }
    flushing = null;
  }

  async function commit(batch: readonly Waiting[]): Promise<void> {
    let outcomes: Outcome[];
    try {
      const timestamp = options.now().toISOString();
      outcomes = await db
        .transaction()
        .execute((tx) => writeBatch(tx, batch, { after: cursor, timestamp, file }));
    } catch (error) {
      const reason = toStoreError(error, file) ?? error;
      setHealth({ ok: false, message: String(reason), since: options.now().toISOString() });
      for (const { reject } of batch) reject(reason);
      return;
    }
    setHealth({ ok: true });
    const sent = outcomes.flatMap((outcome) => (outcome.ok ? outcome.envelopes : []));
    cursor += sent.length;
    fanOut(sent);
    for (const [index, { resolve, reject }] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok) resolve(outcome.envelopes);
      else reject(outcome?.error);
    }
  }

  function setHealth(next: HubHealth): void {
    if (next.ok === health.ok) return;
    health = next;
    options.onHealthChange?.(next);
  }

  function fanOut(events: readonly Envelope[]): void {
    if (events.length === 0) return;
    for (const { filter, listener } of subscribers) {
      const wanted = events.filter((event) => matches(filter, event));
      if (wanted.length === 0) continue;
      try {
        listener(wanted);
      } catch (error) {
        options.onListenerError(error);
      }
    }
  }

  return {
    append: (events, { alongside } = {}) =>
      new Promise((resolve, reject) => {
        waiting.push({ events: events.map(prepare), alongside, resolve, reject });
        flushing ??= flush();
      }),
    subscribe: (filter, listener) => {
      const subscriber = { filter, listener };
      subscribers.add(subscriber);
      return () => void subscribers.delete(subscriber);
    },
    read: (query) => readEvents(db, query),
    readRaw: (query) => readLoggedEvents(db, query),
    count: (query) => countEvents(db, query),
    cursor: () => cursor,
    health: () => health,
    drain: async () => {
      await flushing;
    },
  };
}
