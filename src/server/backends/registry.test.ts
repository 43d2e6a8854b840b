import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Backend, BackendCheck } from "#src/backends/backend.ts";
import { createFakeBackend } from "#src/testing/fake-backend.ts";
import { addSandbox, addSession } from "#src/testing/stored-rows.ts";
import { createHub, type EventHub } from "../events/hub.ts";
import { leaveBackend } from "../fleet/leave.ts";
import { createLogger } from "../logger.ts";
import { getBackendRow } from "../store/backends.ts";
import { openStore, type Store } from "../store/open.ts";
import { getSandboxRow } from "../store/sandboxes.ts";
import { createVault } from "../vault/vault.ts";
import { createRegistry, type Registry } from "./registry.ts";

const vault = createVault([Buffer.alloc(32, 7)]);
const online: BackendCheck = { state: "online", detail: null, version: "2", latency_ms: 5 };
const refused: BackendCheck = {
  state: "offline",
  detail: "Nothing listens.",
  version: null,
  latency_ms: null,
};
const stranger: BackendCheck = { ...refused, state: "unauthorized", detail: "The token is not accepted." };

let store: Store;
let hub: EventHub;
let registry: Registry;
let now: number;
/** How the far side answers a check, whichever adapter asks. */
let answer: BackendCheck;
/** What adapters were made with, and whether they were closed. */
let made: { url: string; token: string | null; closed: boolean }[];

async function start(): Promise<Registry> {
  let next = 0;
  return createRegistry({
    store,
    hub,
    vault,
    local: createFakeBackend(),
    factories: {
      amika: ({ url, token }): Backend => {
        const config = { url, token, closed: false };
        made.push(config);
        return createFakeBackend({
          kind: "amika",
          check: async () => answer,
          close: async () => {
            config.closed = true;
          },
        });
      },
    },
    fetch,
    logger: createLogger("silent"),
    newId: () => `far-${(next += 1)}`,
    now: () => now,
  });
}

beforeEach(async () => {
  store = await openStore(":memory:");
  hub = await createHub({
    store,
    now: () => new Date(now),
    onListenerError: (error) => {
      throw error;
    },
  });
  now = Date.parse("2026-01-01T00:00:00Z");
  answer = online;
  made = [];
  registry = await start();
});
afterEach(async () => {
  await hub.drain();
  await store.close();
});

const connect = () =>
  registry.connect({ kind: "amika", url: "https://far.example/", token: "amk_secret", name: "far" });

async function announced(): Promise<[string | null, string | null, string | null][]> {
  const events = await hub.read({ filter: { kind: "all" }, after: 0, limit: 100 });
  return events.flatMap((event) =>
    event.event_type === "backend_state_changed" ? [[event.data.from, event.data.to, event.data.detail]] : [],
  );
}

describe("connecting", () => {
  test("checks, stores the token sealed, shows no token, and announces the state", async () => {
    const backend = await connect();
    expect(backend).toMatchObject({
      id: "far-1",
      url: "https://far.example",
      state: "online",
      has_token: true,
    });
    expect(JSON.stringify(backend)).not.toContain("amk_secret");
    expect(made).toEqual([{ url: "https://far.example", token: "amk_secret", closed: false }]);
    const row = await getBackendRow(store.db, "far-1");
    expect(row?.token_sealed).not.toContain("amk_secret");
    expect(await announced()).toEqual([["offline", "online", null]]);
  });

  test.each([
    ["nobody answers", refused, "unreachable"],
    ["the token is refused", stranger, "unauthorized"],
  ])("keeps nothing when %s", async (_name, found, code) => {
    answer = found;
    await expect(connect()).rejects.toMatchObject({ code, message: found.detail });
    expect(made[0]?.closed).toBe(true);
    expect((await registry.list()).map(({ id }) => id)).toEqual(["local"]);
    expect(() => registry.adapter("far-1")).toThrow(/paused or was removed/);
  });

  test("keeps one that answers as another kind, with what to do", async () => {
    answer = { ...online, state: "degraded", detail: "This address has no such API. Check the URL." };
    expect(await connect()).toMatchObject({ state: "degraded", state_detail: answer.detail });
  });

  test("refuses a kind that it does not speak", async () => {
    const wanted = registry.connect({ kind: "sessions_api", url: "https://far.example" });
    await expect(wanted).rejects.toMatchObject({ status: 400, code: "unsupported" });
  });
});

describe("a connected backend", () => {
  beforeEach(async () => {
    await connect();
  });

  test("is announced when it changes, and only then; the last error stays to be read", async () => {
    answer = refused;
    await registry.check("far-1");
    now += 60_000;
    await registry.check("far-1");
    answer = online;
    const back = await registry.check("far-1");
    expect(await announced()).toEqual([
      ["offline", "online", null],
      ["online", "offline", "Nothing listens."],
      ["offline", "online", null],
    ]);
    expect(back).toMatchObject({
      state: "online",
      last_error: { message: "Nothing listens.", at: "2026-01-01T00:01:00.000Z" },
    });
  });

  test("is left as it was by a check that was ended", async () => {
    answer = refused;
    expect(await registry.check("far-1", AbortSignal.abort())).toMatchObject({ state: "online" });
    expect(await announced()).toEqual([["offline", "online", null]]);
  });

  test("takes a new token or address in a new adapter; the old one is closed", async () => {
    await registry.patch("far-1", { token: "amk_newer" });
    await registry.patch("far-1", { url: "https://other.example//" });
    await registry.patch("far-1", { token: null });
    expect(made).toEqual([
      { url: "https://far.example", token: "amk_secret", closed: true },
      { url: "https://far.example", token: "amk_newer", closed: true },
      { url: "https://other.example", token: "amk_newer", closed: true },
      { url: "https://other.example", token: null, closed: false },
    ]);
    expect(await registry.view("far-1")).toMatchObject({ has_token: false });
  });

  test("a new name leaves the connection as it is", async () => {
    expect(await registry.patch("far-1", { name: "Office" })).toMatchObject({ name: "Office" });
    expect(made).toHaveLength(1);
  });

  test("is left alone while it is paused, and asked again when it goes on", async () => {
    const paused = await registry.patch("far-1", { paused: true });
    expect(paused).toMatchObject({ state: "paused", state_detail: "Paused by hand" });
    expect(paused.capabilities.sandboxes.create).toBe(false);
    expect(made[0]?.closed).toBe(true);
    expect(() => registry.adapter("far-1")).toThrow(/Resume or connect/);
    answer = refused;
    expect(await registry.check("far-1"), "nobody is asked").toMatchObject({ state: "paused" });
    answer = online;
    expect(await registry.patch("far-1", { paused: false })).toMatchObject({ state: "online" });
    expect(made).toHaveLength(2);
  });

  test("is there after a restart with its token, without being asked", async () => {
    const again = await start();
    expect(made.at(-1)).toEqual({ url: "https://far.example", token: "amk_secret", closed: false });
    expect(again.connected().map(([id]) => id)).toEqual(["local", "far-1"]);
  });

  test("removed: its token is gone, its sandboxes are ended, and what they did can be read", async () => {
    await addSandbox(store.db, { id: "box", backend_id: "far-1", upstream_id: "up" });
    await addSession(store.db, { id: "talk", sandbox_id: "box", backend_id: "far-1" });
    const dropped: string[] = [];
    const states: unknown[] = [];
    await registry.remove("far-1");
    await leaveBackend(
      {
        store,
        sessions: { dropSandbox: async (id, _reason, code) => void dropped.push(`${id} ${code}`) },
        fleet: { setState: async (...change) => void states.push(change) },
      },
      "far-1",
    );
    expect(made[0]?.closed).toBe(true);
    expect(await registry.list()).toHaveLength(1);
    await expect(registry.view("far-1")).rejects.toMatchObject({ code: "backend_not_found" });
    expect(await getBackendRow(store.db, "far-1")).toMatchObject({ token_sealed: null });
    expect([dropped, states]).toEqual([["box backend_removed"], [["box", "terminated", "Backend removed"]]]);
    expect(await getSandboxRow(store.db, "box"), "the row stays").not.toBeNull();
    expect((await announced()).at(-1)).toEqual(["online", null, "Removed"]);
  });
});

test("the local backend has no address, no pause, and stays", async () => {
  await expect(registry.patch("local", { paused: true })).rejects.toMatchObject({ code: "unsupported" });
  await expect(registry.patch("local", { url: "https://x.example" })).rejects.toMatchObject({
    code: "unsupported",
  });
  await expect(registry.remove("local")).rejects.toMatchObject({ code: "unsupported" });
  expect(await registry.patch("local", { name: "Mine" })).toMatchObject({ name: "Mine" });
});
