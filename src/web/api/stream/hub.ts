import { listEvents } from "#src/contract/list-events.ts";
import type { Envelope } from "#src/domain/event.ts";
import { compareIds } from "#src/lib/ids.ts";
import type { Store } from "#src/lib/store.ts";
import type { Bus, TabMessage } from "./messages.ts";
import { type EventPage, type SessionHandlers, SessionReader } from "./session-reader.ts";
import type { StreamStatus } from "./status.ts";

export type ListHandlers = {
  /** List-level events of everything, in order. */
  onEvents: (envelopes: readonly Envelope[]) => void;
  /** Events may have been missed: fetch every list again. Also called once at the start. */
  onGap: () => void;
};

export type HubDeps = {
  bus: Bus;
  status: Store<StreamStatus>;
  fetchEvents: (session_id: string, after: string) => Promise<EventPage>;
  onSignedOut: () => void;
};

/** The readers of one tab. It tells the leader what they read and gives each what the leader passes on. */
export class Hub {
  readonly #deps: HubDeps;
  readonly #sessions = new Set<SessionReader>();
  readonly #lists = new Set<ListHandlers>();
  #opened: Extract<TabMessage, { type: "opened" }> | null = null;
  #position: string | null = null;
  #term = 0;
  #isTelling = false;
  /** Names this tab while it takes part. */
  #tab: string | null = null;

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  /** The last event this tab has heard of. */
  get position(): string | null {
    return this.#position;
  }

  /** The term of the newest leader this tab has heard of; 0 for none. */
  get term(): number {
    return this.#term;
  }

  /** Begins to listen, under a name no tab had before, and tells the leader, if there is one, what is read here. */
  join(tab: string): () => void {
    this.#tab = tab;
    const unsubscribe = this.#deps.bus.subscribe((message) => this.#handle(message));
    this.#tell();
    return () => {
      unsubscribe();
      this.#tab = null;
      this.#opened = null;
    };
  }

  watchSession(session_id: string, cursor: string, handlers: SessionHandlers): () => void {
    const reader = new SessionReader(session_id, cursor, handlers, this.#deps.fetchEvents);
    this.#sessions.add(reader);
    this.#tell();
    return () => {
      reader.close();
      this.#sessions.delete(reader);
      this.#tell();
    };
  }

  watchLists(handlers: ListHandlers): () => void {
    this.#lists.add(handlers);
    if (this.#opened) handlers.onGap();
    return () => this.#lists.delete(handlers);
  }

  #handle(message: TabMessage): void {
    if ("term" in message) {
      if (message.term < this.#term) return;
      this.#term = message.term;
    }
    switch (message.type) {
      case "roll_call":
        return this.#tell();
      case "opened":
        return this.#handleOpened(message);
      case "event":
        return this.#handleEvent(message.stream, message.envelope);
      case "status":
        return this.#deps.status.set(message.status);
      case "signed_out":
        return this.#deps.onSignedOut();
      case "wants":
      case "nudge":
        return;
      default:
        message satisfies never;
    }
  }

  #handleOpened(opened: Extract<TabMessage, { type: "opened" }>): void {
    const missed = this.#position === null || compareIds(this.#position, opened.from) < 0;
    this.#opened = opened;
    if (missed || opened.gap) this.#position = opened.from;
    if (missed || opened.gap) for (const list of this.#lists) list.onGap();
    for (const reader of this.#sessions) {
      if (opened.sessions.includes(reader.session_id)) reader.covered(opened.stream, opened.from, opened.gap);
      else reader.uncovered();
    }
  }

  #handleEvent(stream: string, envelope: Envelope): void {
    if (stream !== this.#opened?.stream) return;
    const isNew = this.#position === null || compareIds(envelope.id, this.#position) > 0;
    if (isNew) this.#position = envelope.id;
    if (isNew && listEvents.has(envelope.event_type)) {
      for (const list of this.#lists) list.onEvents([envelope]);
    }
    for (const reader of this.#sessions) reader.heard(envelope);
  }

  /** Once for all changes of one task: leaving one session and opening another is one message. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      if (this.#tab === null) return;
      const sessions = new Set([...this.#sessions].map((reader) => reader.session_id));
      this.#deps.bus.post({ type: "wants", tab: this.#tab, sessions: [...sessions] });
    });
  }
}
