import { afterEach, describe, expect, test } from "vitest";
import { createAmikaBackend } from "#src/backends/amika/backend.ts";
import type { Backend } from "#src/backends/backend.ts";
import { createSessionsApiBackend } from "#src/backends/sessions-api/backend.ts";
import { startFakeAmika } from "#src/testing/fake-amika.ts";
import type { FakeServer } from "#src/testing/fake-server.ts";
import { startFakeSessionsApi } from "#src/testing/fake-sessions-api.ts";
import { insertLocalBackend } from "#src/testing/local-backend-row.ts";
import { createHub } from "../events/hub.ts";
import { discoveredRow } from "../fleet/discovered.ts";
import { createLogger } from "../logger.ts";
import { openStore } from "../store/open.ts";
import { insertSandbox } from "../store/sandboxes.ts";
import { createExchanges } from "./exchanges.ts";
import { createSessionService } from "./service.ts";

type Upstream = { server: FakeServer; backend: Backend; sandbox_ref: string; agent: string };

/** The backends that keep a title, and the fakes that their adapters are held to the port with. */
const upstreams: Record<string, () => Promise<Upstream>> = {
  async sessions_api() {
    const server = await startFakeSessionsApi({ style: "sandbar" });
    const backend = createSessionsApiBackend({
      url: server.url,
      token: null,
      timing: { idle_ms: 20_000, backoff: { base_ms: 5, max_ms: 20 } },
    });
    return { server, backend, sandbox_ref: server.sandbox_id, agent: "claude-code" };
  },
  async amika() {
    const server = await startFakeAmika({ token: null, chats: false });
    const backend = createAmikaBackend({
      url: server.url,
      token: null,
      timing: { poll_ms: 2, ask_ms: 2, backoff: { base_ms: 5, max_ms: 20 } },
    });
    return { server, backend, sandbox_ref: server.addSandbox("team/web").id, agent: "claude" };
  },
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A session of that backend, opened upstream. */
async function start({ server, backend, sandbox_ref, agent }: Upstream) {
  const store = await openStore(":memory:");
  const hub = await createHub({
    store,
    now: () => new Date(),
    onListenerError: (error) => {
      throw error;
    },
  });
  const sessions = createSessionService({
    store,
    hub,
    backendOf: () => backend,
    coalesce: (emit) => ({ push: emit, flush: () => {} }),
    exchanges: createExchanges(),
    logger: createLogger("silent"),
    newId: () => "one",
    now: () => Date.now(),
    silenceMs: 20_000,
  });
  closers.push(
    () => server.close(),
    () => store.close(),
    () => hub.drain(),
    () => backend.close(),
  );
  await insertLocalBackend(store.db);
  const box = { ref: sandbox_ref, name: "box", state: "running" as const };
  await insertSandbox(store.db, discoveredRow("box", "local", box, "box", "2026-01-01T00:00:00.000Z"));
  const { id } = await sessions.create("box", { agent, title: "Before" });
  const told = async () => {
    const log = await hub.read({
      filter: { kind: "session", session_id: id, sandbox_id: null },
      after: 0,
      limit: 1000,
    });
    return log.flatMap(({ event_type, data }) => (event_type === "session_updated" ? [data] : []));
  };
  return { id, sessions, told };
}

const patches = (server: FakeServer) => server.calls.filter(({ method }) => method === "PATCH");

describe.each(Object.entries(upstreams))("a title that %s keeps too", (_, makeUpstream) => {
  test("is told to it, and nothing else is said", async () => {
    const upstream = await makeUpstream();
    const { id, sessions, told } = await start(upstream);
    expect(await sessions.patch(id, { title: "After" })).toMatchObject({ title: "After" });
    expect(JSON.stringify(patches(upstream.server).at(-1)?.body)).toContain("After");
    expect((await told()).filter(({ change }) => change !== undefined)).toEqual([]);
  });

  test.each([
    ["refuses", 422],
    ["forbids", 403],
    ["fails on", 500],
  ])("stays here when it %s it, and the session says so", async (__, status) => {
    const upstream = await makeUpstream();
    const { id, sessions, told } = await start(upstream);
    upstream.server.fault({ match: /^PATCH /, status, body: "no such thing", times: 20 });
    expect(await sessions.patch(id, { title: "After" })).toMatchObject({ title: "After" });
    expect(await sessions.read(id)).toMatchObject({ title: "After" });
    expect((await told()).at(-1)).toEqual({
      change: expect.stringMatching(/^The title is changed here; the backend did not take it: ./),
    });
  });

  test("stays here through an outage, as its notes do", async () => {
    const upstream = await makeUpstream();
    const { id, sessions, told } = await start(upstream);
    await upstream.server.close();
    const after = { title: "After", metadata: { ticket: "A-1" } };
    expect(await sessions.patch(id, after)).toMatchObject(after);
    expect((await told()).slice(-2)).toEqual([
      { change: expect.stringMatching(/^The title is changed here/) },
      { change: expect.stringMatching(/^The metadata is changed here/) },
    ]);
  });
});
