import type { Envelope } from "#src/domain/event.ts";
import type { Clock } from "./clock.ts";
import type { Source } from "./connection.ts";
import type { Bus, TabMessage } from "./messages.ts";

/** A clock that tests move by hand. */
export class FakeClock implements Clock {
  #now = 0;
  #timers = new Set<{ at: number; action: () => void }>();

  now = () => this.#now;

  after = (ms: number, action: () => void) => {
    const timer = { at: this.#now + ms, action };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }
}

/** A stream as the server would hold it open. */
export class FakeSource implements Source {
  readonly url: URL;
  isClosed = false;
  #listeners = new Map<string, ((event: { data?: unknown }) => void)[]>();

  constructor(url: string) {
    this.url = new URL(url, "http://localhost");
  }

  addEventListener = (name: string, listener: (event: { data?: unknown }) => void) => {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
  };

  close = () => {
    this.isClosed = true;
  };

  send(name: string, data?: unknown): void {
    const event = { data: typeof data === "string" ? data : data && JSON.stringify(data) };
    for (const listener of this.#listeners.get(name) ?? []) listener(event);
  }

  resume(cursor: string, status: "ok" | "gap" = "ok"): void {
    this.send("resume", { status, cursor });
  }

  event(envelope: Envelope): void {
    this.send(envelope.event_type, envelope);
  }

  /** As the browser does when the connection drops. */
  break(): void {
    this.send("error");
  }
}

/** What joins the tabs of a browser. */
export class FakeChannel {
  readonly posted: TabMessage[] = [];
  readonly #tabs = new Map<string, FakeBus>();

  /** The bus of a tab; the same for the same name. */
  bus(tab: string): FakeBus {
    const bus = this.#tabs.get(tab) ?? new FakeBus(this);
    this.#tabs.set(tab, bus);
    return bus;
  }

  carry(message: TabMessage): void {
    this.posted.push(message);
    for (const bus of this.#tabs.values()) bus.tell(message);
  }
}

class FakeBus implements Bus {
  readonly #channel: FakeChannel;
  readonly #listeners = new Set<(message: TabMessage) => void>();

  constructor(channel: FakeChannel) {
    this.#channel = channel;
  }

  post = (message: TabMessage) => this.#channel.carry(message);

  tell = (message: TabMessage) => {
    for (const listener of this.#listeners) listener(message);
  };

  subscribe = (listener: (message: TabMessage) => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

/** A delta of a session. */
export function delta(id: number, session_id: string): Envelope {
  return {
    id: String(id),
    sandbox_id: "sbx",
    session_id,
    event_type: "text_delta",
    data: { text: `t${id}` },
    timestamp: "2026-03-12T10:00:00Z",
  };
}

/** A list-level event. */
export function listed(id: number, session_id: string): Envelope {
  return {
    id: String(id),
    sandbox_id: "sbx",
    session_id,
    event_type: "session_updated",
    data: { title: `t${id}` },
    timestamp: "2026-03-12T10:00:00Z",
  };
}
/** Resolves in a later task: everything that follows from what was done, without any wait, has happened by then. */
export function settled(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.addEventListener("message", () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
}
