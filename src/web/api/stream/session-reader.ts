import type { Envelope } from "#src/domain/event.ts";
import { compareIds } from "#src/lib/ids.ts";

/** More events than this are not fetched one by one: a fresh transcript is cheaper. */
const catchUpLimit = 5000;

export type EventPage = { items: readonly Envelope[]; next_cursor: string | null };

export type SessionHandlers = {
  /** Events in order, each exactly once. */
  onEvents: (envelopes: readonly Envelope[]) => void;
  /** What is here may be incomplete and nothing more comes: fetch afresh and watch again from there. */
  onGap: () => void;
};

type Phase =
  | { kind: "waiting" }
  | { kind: "catching_up"; stream: string; held: Envelope[] }
  | { kind: "live" };

/**
 * One reader of one session. The stream carries everything after some event; when that is later than what the reader
 * has, it fetches what lies between from the log and holds back what arrives meanwhile.
 */
export class SessionReader {
  readonly session_id: string;
  #cursor: string;
  #phase: Phase = { kind: "waiting" };
  #closed = false;
  readonly #handlers: SessionHandlers;
  readonly #fetchEvents: (session_id: string, after: string) => Promise<EventPage>;

  constructor(
    session_id: string,
    cursor: string,
    handlers: SessionHandlers,
    fetchEvents: (session_id: string, after: string) => Promise<EventPage>,
  ) {
    this.session_id = session_id;
    this.#cursor = cursor;
    this.#handlers = handlers;
    this.#fetchEvents = fetchEvents;
  }

  /** The stream now carries every event of the session after `from`. */
  covered(stream: string, from: string, gap: boolean): void {
    if (this.#closed) return;
    const distance = compareIds(this.#cursor, from);
    if (gap && distance > 0) return this.#giveUp(); // ids went back: it is another log
    if (distance >= 0) {
      if (this.#phase.kind !== "catching_up") this.#phase = { kind: "live" };
    } else if (this.#phase.kind !== "catching_up" || this.#phase.stream !== stream) {
      void this.#catchUp(stream, from);
    }
  }

  /** The stream does not carry the session (yet). */
  uncovered(): void {
    this.#phase = { kind: "waiting" };
  }

  /** An event of the stream, of any session: one of another session still says how far this one is known. */
  heard(envelope: Envelope): void {
    if (this.#closed || this.#phase.kind === "waiting") return;
    const mine = envelope.session_id === this.session_id;
    if (this.#phase.kind === "live") {
      if (mine) this.#deliver([envelope]);
      else this.#moveTo(envelope.id);
    } else if (mine) {
      this.#phase.held.push(envelope);
    }
  }

  close(): void {
    this.#closed = true;
  }

  async #catchUp(stream: string, from: string): Promise<void> {
    const phase: Phase = { kind: "catching_up", stream, held: [] };
    this.#phase = phase;
    const superseded = () => this.#closed || this.#phase !== phase;
    try {
      let fetched = 0;
      let more = true;
      while (more) {
        const page = await this.#fetchEvents(this.session_id, this.#cursor);
        if (superseded()) return;
        fetched += page.items.length;
        this.#deliver(page.items);
        more = page.next_cursor !== null && page.items.length > 0 && compareIds(this.#cursor, from) < 0;
        if (more && fetched >= catchUpLimit) return this.#giveUp();
      }
    } catch {
      // Whoever reads the session fetches it again and shows why that fails.
      if (!superseded()) this.#giveUp();
      return;
    }
    this.#moveTo(from);
    this.#phase = { kind: "live" };
    this.#deliver(phase.held);
  }

  #deliver(envelopes: readonly Envelope[]): void {
    const fresh = envelopes.filter(({ id }) => compareIds(id, this.#cursor) > 0);
    const last = fresh.at(-1);
    if (!last) return;
    this.#cursor = last.id;
    this.#handlers.onEvents(fresh);
  }

  #moveTo(id: string): void {
    if (compareIds(id, this.#cursor) > 0) this.#cursor = id;
  }

  #giveUp(): void {
    this.#closed = true;
    this.#handlers.onGap();
  }
}
