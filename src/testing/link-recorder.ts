import type {
  Backend,
  Exchange,
  LinkClosed,
  LinkEvent,
  OpenSession,
  SessionLink,
} from "#src/backends/backend.ts";
import type { DomainEvent, EventData, EventType } from "#src/domain/event.ts";

/** What the holder of a session link is told, with ways to wait for more. Its handlers go into `OpenSession`. */
export class LinkRecorder {
  readonly events: LinkEvent[] = [];
  /** Calls that were made for the link. */
  readonly exchanges: Exchange[] = [];
  /** How often the connection was said to have broken. */
  troubles = 0;
  #closed: LinkClosed | null = null;
  readonly #waiting = new Set<() => void>();

  readonly emit = (event: LinkEvent): void => {
    this.events.push(event);
    this.#wake();
  };

  readonly onTrouble = (): void => {
    this.troubles += 1;
    this.#wake();
  };

  readonly onClosed = (reason: LinkClosed): void => {
    this.#closed = reason;
    this.#wake();
  };

  readonly onExchange = (exchange: Exchange): void => {
    this.exchanges.push(exchange);
  };

  closed(): LinkClosed | null {
    return this.#closed;
  }

  /** The data of every event of a type so far. */
  of<T extends EventType>(type: T): EventData[T][] {
    // The type of the data follows from the event's, which TypeScript does not carry through a type parameter.
    return this.events.flatMap(({ event }) =>
      event.event_type === type ? [event.data as EventData[T]] : [],
    );
  }

  /** Ends of turns so far. */
  terminals(): DomainEvent[] {
    return this.events.flatMap(({ event }) =>
      event.event_type === "session_completed" || event.event_type === "session_failed" ? [event] : [],
    );
  }

  get ends(): string[] {
    return this.terminals().map(({ event_type }) => event_type);
  }

  /** The types of all events so far. */
  get types(): string[] {
    return this.events.map(({ event }) => event.event_type);
  }

  /** Every text delta so far, joined. */
  get text(): string {
    return this.of("text_delta")
      .map(({ text }) => text)
      .join("");
  }

  /** Where the session could be resumed now. */
  get cursor(): string | null {
    return this.events.findLast(({ cursor }) => cursor !== undefined)?.cursor ?? null;
  }

  /** Resolves as soon as `done` holds; rejects after `ms` with what was told. */
  until(done: (recorder: LinkRecorder) => boolean, ms = 30_000): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!done(this)) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        const told = this.events.map(({ event }) => JSON.stringify(event).slice(0, 200)).join("\n");
        reject(
          new Error(`It did not happen within ${ms} ms. Told:\n${told}\nclosed: ${this.#closed?.reason}`),
        );
      }, ms);
      this.#waiting.add(check);
      check();
    });
  }

  /** Waits for the `count`th event of a type, and returns its data. */
  async seen<T extends EventType>(type: T, count = 1): Promise<EventData[T]> {
    await this.until(() => this.of(type).length >= count);
    return this.of(type)[count - 1]!;
  }

  #wake(): void {
    for (const check of this.#waiting) check();
  }
}

export type Recorded = { link: SessionLink; recorder: LinkRecorder };

/** A request for a new session whose link is told to a recorder. */
export function requestFor(
  recorder: LinkRecorder,
  request: Partial<OpenSession> & Pick<OpenSession, "sandbox_ref" | "agent">,
): OpenSession {
  return {
    session_id: crypto.randomUUID(),
    title: null,
    directory: null,
    options: {},
    metadata: {},
    resume: null,
    history: "none",
    signal: new AbortController().signal,
    ...request,
    emit: recorder.emit,
    onClosed: recorder.onClosed,
    onTrouble: recorder.onTrouble,
    onExchange: recorder.onExchange,
  };
}

/** Opens a session and records everything it tells. */
export async function openRecorded(
  backend: Pick<Backend, "openSession">,
  request: Partial<OpenSession> & Pick<OpenSession, "sandbox_ref" | "agent">,
): Promise<Recorded> {
  const recorder = new LinkRecorder();
  return { link: await backend.openSession(requestFor(recorder, request)), recorder };
}
