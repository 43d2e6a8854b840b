import type { Backend, LinkEvent } from "#src/backends/backend.ts";
import type { Exchanges } from "./exchanges.ts";
import type { EventHub } from "../events/hub.ts";
import type { Logger } from "../logger.ts";
import type { Store } from "../store/open.ts";

/** Batches deltas between an adapter and the hub; everything else passes in order. */
export type Coalescer = { push(event: LinkEvent): void; flush(): void };

export type SessionDeps = {
  store: Store;
  hub: EventHub;
  /** The adapter of a backend; throws `ApiError` when it is gone or paused. */
  backendOf: (backend_id: string) => Backend;
  coalesce: (emit: (event: LinkEvent) => void) => Coalescer;
  exchanges: Exchanges;
  logger: Logger;
  newId: () => string;
  now: () => number;
  /** Asks a backend now how it is, since a session of it lost its connection. */
  lookAt?: (backend_id: string) => void;
  /** Called once a turn is over, after its end is in the log. */
  onTurnEnd: (session_id: string) => void;
  /** How long a turn may go on without a word from its agent, in ms. */
  silenceMs: number;
  stopPatienceMs?: number;
  promptHeadStartMs?: number;
};
