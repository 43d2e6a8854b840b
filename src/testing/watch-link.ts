import type { LinkClosed, LinkEvent } from "#src/backends/backend.ts";
import type { EventData, EventType } from "#src/domain/event.ts";

/** What the holder of a session link is told, with ways to wait for it. Its `emit` and `onClosed` go into `OpenSession`. */
export class WatchedLink {
  readonly events: LinkEvent[] = [];
  closed: LinkClosed | null = null;
  readonly #waiting = new Set<() => void>();

  readonly emit = (event: LinkEvent): void => {
    this.events.push(event);
    this.#wake();
  };

  readonly onClosed = (reason: LinkClosed): void => {
    this.closed = reason;
    this.#wake();
  };

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** Resolves as soon as `done` holds after something was told. */
  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  /** Waits for the `count`th event of a type, and returns its data. */
  async seen<T extends EventType>(type: T, count = 1): Promise<EventData[T]> {
    await this.until(() => this.of(type).length >= count);
    return this.of(type)[count - 1]!;
  }

  /** The data of every event of a type so far. */
  of<T extends EventType>(type: T): EventData[T][] {
    const found = this.events.filter(({ event }) => event.event_type === type);
    // The type of the data follows from the event's, which TypeScript does not carry through a type parameter.
    return found.map(({ event }) => event.data as EventData[T]);
  }

  /** Every text delta so far, joined. */
  get text(): string {
    return this.of("text_delta")
      .map(({ text }) => text)
      .join("");
  }

  get types(): string[] {
    return this.events.map(({ event }) => event.event_type);
  }

  /** The ends of turns so far. */
  get ends(): string[] {
    return this.types.filter((type) => type === "session_completed" || type === "session_failed");
  }

  /** Where the session could be resumed now. */
  get cursor(): string | null {
    return this.events.findLast(({ cursor }) => cursor !== undefined)?.cursor ?? null;
  }
}
