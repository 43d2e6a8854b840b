import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Backend, UpstreamSandbox, UpstreamSession } from "#src/backends/backend.ts";
import type { BackendState } from "#src/domain/backend.ts";
import { createFakeBackend } from "#src/testing/fake-backend.ts";
import { mockCapabilities } from "#src/testing/mock-capabilities.ts";
import { addBackend, addSandbox, addSession } from "#src/testing/stored-rows.ts";
import type { Registry } from "../backends/registry.ts";
import { createHub, type EventHub } from "../events/hub.ts";
import { createLogger } from "../logger.ts";
import { openStore, type Store } from "../store/open.ts";
import { listSandboxes } from "../store/sandboxes.ts";
import { listSessions } from "../store/sessions.ts";
import { createVault } from "../vault/vault.ts";
import type { FleetDeps } from "./deps.ts";
import { createFollower } from "./follow.ts";
import { createFleet } from "./service.ts";

/** A remote server that the test plays. */
type Far = { sandboxes: UpstreamSandbox[]; sessions: UpstreamSession[]; state: BackendState; checks: number };

let store: Store;
let hub: EventHub;
let fleet: ReturnType<typeof createFleet>;
let follower: ReturnType<typeof createFollower>;
let far: Map<string, Far>;
let adapters: Map<string, Backend>;
let dropped: string[];
let resumed: string[];
/** Sandboxes in which a session is being made. */
let opening: Set<string>;

const box = (ref: string, more: Partial<UpstreamSandbox> = {}): UpstreamSandbox => ({
  ref,
  name: `name-of-${ref}`,
  state: "running",
  ...more,
});

const session = (ref: string): UpstreamSession => ({
  ref,
  agent: "claude",
  title: "Found",
  state: "active",
  created_at: null,
  updated_at: null,
});

async function addFar(id: string): Promise<Far> {
  const made: Far = { sandboxes: [], sessions: [], state: "online", checks: 0 };
  await addBackend(store.db, { id, kind: "amika" });
  far.set(id, made);
  const { sessions, ...capabilities } = mockCapabilities();
  adapters.set(
    id,
    createFakeBackend({
      capabilities: { ...capabilities, sessions: { ...sessions, discover: true } },
      listSandboxes: async () => made.sandboxes,
      listSessions: async () => made.sessions,
    }),
  );
  return made;
}

beforeEach(async () => {
  store = await openStore(":memory:");
  hub = await createHub({
    store,
    now: () => new Date(),
    onListenerError: (error) => {
      throw error;
    },
  });
  far = new Map();
  adapters = new Map();
  dropped = [];
  resumed = [];
  opening = new Set();
  let next = 0;
  const deps: FleetDeps = {
    store,
    hub,
    vault: createVault([Buffer.alloc(32, 7)]),
    backendOf: (id) => adapters.get(id) ?? createFakeBackend(),
    dropSessions: async (id, _reason, code) => void dropped.push(`${id} ${code}`),
    isOpening: (id) => opening.has(id),
    resumeTurns: async (id) => void resumed.push(id),
    logger: createLogger("silent"),
    newId: () => `new-${(next += 1)}`,
    now: () => Date.now(),
  };
  const registry: Pick<Registry, "check" | "connected"> = {
    connected: () => [...adapters],
    check: async (id) => {
      const asked = far.get(id);
      if (!asked) throw new Error("no such backend");
      asked.checks += 1;
      // The follower reads the state alone.
      return { state: asked.state } as Awaited<ReturnType<Registry["check"]>>;
    },
  };
  fleet = createFleet(deps);
  follower = createFollower(deps, fleet, registry);
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await follower.close();
  await hub.drain();
  await store.close();
});

const rows = async () => (await listSandboxes(store.db, { limit: 100 })).items;
const byId = ([a]: (string | null)[], [b]: (string | null)[]) => String(a).localeCompare(String(b));
const states = async () =>
  (await rows()).map(({ upstream_id, state }) => [upstream_id, state]).toSorted(byId);

describe("what a backend has", () => {
  let amika: Far;
  beforeEach(async () => {
    amika = await addFar("amika");
  });

  test("is taken over: sandboxes and sessions, once", async () => {
    amika.sandboxes = [
      box("a", { repository: "acme/web", labels: { team: "web" } }),
      box("b", { state: "stopped" }),
    ];
    amika.sessions = [session("s")];
    await follower.now("amika");
    await follower.now("amika");
    expect(await states()).toEqual([
      ["a", "running"],
      ["b", "stopped"],
    ]);
    expect((await rows()).find(({ upstream_id }) => upstream_id === "a")).toMatchObject({
      name: "name-of-a",
      repository: "acme/web",
      labels: { team: "web" },
      backend_id: "amika",
    });
    const sessions = (await listSessions(store.db, { limit: 10 })).items;
    expect(sessions.map(({ title, agent }) => [title, agent])).toEqual([["Found", "claude"]]);
  });

  test("is named when its agent has named it, unless it has a name here", async () => {
    amika.sandboxes = [box("a")];
    const session = (ref: string, title: string | null): UpstreamSession => ({
      ref,
      agent: "claude",
      title,
      state: "active",
      created_at: null,
      updated_at: null,
    });
    const titles = async () =>
      (await listSessions(store.db, { limit: 10 })).items.map(({ title }) => title).toSorted();
    amika.sessions = [session("s", null), session("t", "Named")];
    await follower.now("amika");
    expect(await titles()).toEqual(["", "Named"]);
    amika.sessions = [session("s", "After a turn"), session("t", "Renamed there")];
    await follower.now("amika");
    expect(await titles()).toEqual(["After a turn", "Named"]);
  });

  test("asked for by somebody is looked at afresh, by a sign of trouble and by the clock it is not", async () => {
    amika.sandboxes = [box("a")];
    const asked: (boolean | undefined)[] = [];
    const adapter = adapters.get("amika");
    if (adapter)
      adapter.listSessions = async (_ref, _signal, fresh) => {
        asked.push(fresh);
        return [];
      };
    await Promise.all([follower.soon("amika"), follower.now("amika"), follower.soon("amika")]);
    expect(asked).toEqual([false, true]);
  });

  test("gets a name of its own when another sandbox has that name", async () => {
    await addBackend(store.db, { id: "local" });
    await addSandbox(store.db, { id: "here", name: "name-of-a" });
    amika.sandboxes = [box("a")];
    await follower.now("amika");
    const found = (await rows()).find(({ upstream_id }) => upstream_id === "a");
    expect(found?.name).toBe("name-of-a-new-");
  });

  test("that changes changes here, and lets its sessions go when it stops", async () => {
    amika.sandboxes = [box("a")];
    await follower.now("amika");
    amika.sandboxes = [box("a", { state: "stopped", state_detail: "suspended" })];
    await follower.now("amika");
    expect(await rows()).toMatchObject([{ state: "stopped", state_detail: "suspended" }]);
    expect(dropped).toEqual(["new-1 sandbox_stopped"]);
    await follower.now("amika");
    expect(dropped, "told once").toHaveLength(1);
  });

  test("that is gone ends here, and what was recorded of it stays", async () => {
    amika.sandboxes = [box("a"), box("b")];
    await follower.now("amika");
    amika.sandboxes = [box("b")];
    await follower.now("amika");
    const kept = await store.db
      .selectFrom("sandboxes")
      .select(["upstream_id", "state", "state_detail"])
      .execute();
    expect(kept).toEqual([
      { upstream_id: "a", state: "terminated", state_detail: "The backend does not know it any more" },
      { upstream_id: "b", state: "running", state_detail: null },
    ]);
    expect(dropped).toEqual(["new-1 sandbox_gone"]);
  });

  test("is left as it is while the backend does not answer", async () => {
    amika.sandboxes = [box("a")];
    await follower.now("amika");
    amika.state = "offline";
    amika.sandboxes = [];
    await follower.now("amika");
    expect(await states()).toEqual([["a", "running"]]);
    expect(resumed, "turns go on only where somebody answers").toEqual(["amika"]);
  });

  test("is not taken over from a backend that was removed while it was asked", async () => {
    const adapter = adapters.get("amika");
    if (adapter) {
      adapter.listSandboxes = async () => {
        adapters.delete("amika");
        return [box("a")];
      };
    }
    await follower.now("amika");
    expect(await rows()).toEqual([]);
  });

  test("is not judged by an answer that is older than what was done with it here", async () => {
    amika.sandboxes = [box("a"), box("b")];
    await follower.now("amika");
    const adapter = adapters.get("amika");
    if (!adapter) throw new Error("the backend is gone");
    adapter.listSandboxes = async () => {
      await fleet.setState("new-1", "stopped", null);
      const made = { id: "made", backend_id: "amika", upstream_id: "c", name: "name-of-c" };
      await addSandbox(store.db, made);
      return [box("a"), box("b")];
    };
    await follower.now("amika");
    expect(await states()).toEqual([
      ["a", "stopped"],
      ["b", "running"],
      ["c", "running"],
    ]);
    expect(dropped).toEqual([]);
  });

  test("does not find a session twice that is being made here, or was just made", async () => {
    amika.sandboxes = [box("a")];
    await follower.now("amika");
    amika.sessions = [session("s")];
    opening.add("new-1");
    await follower.now("amika");
    opening.clear();
    const adapter = adapters.get("amika");
    if (!adapter) throw new Error("the backend is gone");
    adapter.listSessions = async () => {
      await addSession(store.db, { id: "mine", sandbox_id: "new-1", backend_id: "amika", upstream_ref: "s" });
      return [session("s")];
    };
    await follower.now("amika");
    expect((await listSessions(store.db, { limit: 10 })).items.map(({ id }) => id)).toEqual(["mine"]);
  });

  test("asked twice at once, it is looked at once, and its turns are resumed once", async () => {
    await Promise.all([follower.now("amika"), follower.now("amika")]);
    expect([amika.checks, resumed]).toEqual([1, ["amika"]]);
  });
});

test("a backend that does not answer delays no other", async () => {
  await addFar("slow");
  const quick = await addFar("quick");
  let release: (found: UpstreamSandbox[]) => void = () => {};
  const slow = adapters.get("slow");
  if (slow) slow.listSandboxes = () => new Promise((resolve) => (release = resolve));
  const waiting = follower.now("slow");
  quick.sandboxes = [box("q")];
  await follower.now("quick");
  expect(await states()).toEqual([["q", "running"]]);
  release([]);
  await waiting;
});

test("closing waits for no backend that takes its time", async () => {
  await addFar("slow");
  const slow = adapters.get("slow");
  let ended: unknown;
  const asked = new Promise<void>((resolve) => {
    if (!slow) return;
    slow.listSandboxes = (signal) => {
      resolve();
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          ended = signal.reason;
          reject(signal.reason);
        });
      });
    };
  });
  const polling = follower.now("slow");
  await asked;
  await follower.close();
  await polling;
  expect(ended, "not its patience's end").toMatchObject({ name: "AbortError" });
});

test("one that fails is asked ever more rarely, up to a limit, with a part left to chance; then often again", async () => {
  const amika = await addFar("amika");
  amika.state = "offline";
  const waits: number[] = [];
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  vi.spyOn(globalThis, "setTimeout").mockImplementation((_run, delay) => {
    waits.push(delay ?? 0);
    // A timer that is never due: the test asks itself.
    return 0 as unknown as NodeJS.Timeout;
  });
  for (let round = 0; round < 5; round += 1) await follower.now("amika");
  amika.state = "online";
  await follower.now("amika");
  expect(waits).toEqual([22_500, 45_000, 90_000, 90_000, 90_000, 15_000]);
});
