import type { Envelope } from "#src/domain/event.ts";
import { createHub, type EventHub } from "#src/server/events/hub.ts";
import { discoveredRow } from "#src/server/fleet/discovered.ts";
import { createLogger } from "#src/server/logger.ts";
import { createExchanges } from "#src/server/sessions/exchanges.ts";
import { createSessionService, type SessionService } from "#src/server/sessions/service.ts";
import { openStore, type Store } from "#src/server/store/open.ts";
import { insertSandbox } from "#src/server/store/sandboxes.ts";
import { createFakeBackend, type FakeLink } from "./fake-backend.ts";
import { insertLocalBackend } from "./local-backend-row.ts";

/** The session service over a backend that the test plays, with a running sandbox `box`. */
export type SessionStage = {
  store: Store;
  hub: EventHub;
  backend: ReturnType<typeof createFakeBackend>;
  sessions: SessionService;
  /** Makes a session; gives the link that was opened for it. */
  start(): Promise<{ id: string; link: FakeLink }>;
  log(session_id: string): Promise<Envelope[]>;
  /** The types of a session's events. */
  types(session_id: string): Promise<string[]>;
  close(): Promise<void>;
};

/** Without limits, no patience ends before the test does. */
type Patience = { silenceMs?: number; stopPatienceMs?: number; promptHeadStartMs?: number };

export async function startSessionStage({
  silenceMs = 600_000,
  stopPatienceMs = 600_000,
  promptHeadStartMs = 600_000,
}: Patience = {}): Promise<SessionStage> {
  const store = await openStore(":memory:");
  const hub = await createHub({
    store,
    now: () => new Date(),
    onListenerError: (error) => {
      throw error;
    },
  });
  const backend = createFakeBackend();
  let next = 0;
  const sessions = createSessionService({
    store,
    hub,
    backendOf: () => backend,
    coalesce: (emit) => ({ push: emit, flush: () => {} }),
    exchanges: createExchanges(),
    logger: createLogger("silent"),
    newId: () => `id-${(next += 1)}`,
    now: () => Date.now(),
    silenceMs,
    stopPatienceMs,
    promptHeadStartMs,
  });
  const upstream = { ref: "box", name: "box", state: "running" as const };
  await insertLocalBackend(store.db);
  await insertSandbox(store.db, discoveredRow("box", "local", upstream, "box", "2026-01-01T00:00:00.000Z"));
  const log = (session_id: string) =>
    hub.read({ filter: { kind: "session", session_id, sandbox_id: null }, after: 0, limit: 1000 });

  return {
    store,
    hub,
    backend,
    sessions,
    async start() {
      const { id } = await sessions.create("box", { agent: "mock" });
      const link = backend.links.at(-1);
      if (!link) throw new Error("no link was opened");
      return { id, link };
    },
    log,
    types: async (session_id) => (await log(session_id)).map(({ event_type }) => event_type),
    async close() {
      await hub.drain();
      await store.close();
    },
  };
}
