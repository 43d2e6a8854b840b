import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BackendError } from "#src/backends/backend-error.ts";
import type { CreateContext } from "#src/backends/backend.ts";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import { insertLocalBackend } from "#src/testing/local-backend-row.ts";
import { mockCapabilities } from "#src/testing/mock-capabilities.ts";
import { createFakeBackend } from "#src/testing/fake-backend.ts";
import { createHub, type EventHub } from "../events/hub.ts";
import { createLogger } from "../logger.ts";
import { openStore, type Store } from "../store/open.ts";
import { getBackendRow, insertBackend } from "../store/backends.ts";
import { insertCredential, insertSecret } from "../store/secrets.ts";
import { createVault } from "../vault/vault.ts";
import { idleSandboxes } from "./auto-stop.ts";
import { inventName } from "./names.ts";
import { provisioningAfter } from "./provisioning.ts";
import { createFleet, type Fleet } from "./service.ts";

let store: Store;
let hub: EventHub;
let fleet: Fleet;
let backend: ReturnType<typeof createFakeBackend>;
let dropped: string[];
const made: CreateContext[] = [];
let create: (context: CreateContext) => Promise<void>;
const vault = createVault([Buffer.alloc(32, 7)]);

beforeEach(async () => {
  store = await openStore(":memory:");
  hub = await createHub({
    store,
    now: () => new Date(),
    onListenerError: (error) => {
      throw error;
    },
  });
  made.length = 0;
  dropped = [];
  create = async () => {};
  const secrets = { list: false, create: false, update: false, delete: false };
  backend = createFakeBackend({
    capabilities: mockCapabilities({ secrets }),
    createSandbox: async (_spec, context) => {
      made.push(context);
      await create(context);
      return { ref: context.sandbox_id, name: context.name, state: "running", directory: "/there" };
    },
  });
  await insertLocalBackend(store.db);
  let next = 0;
  fleet = createFleet({
    store,
    hub,
    vault,
    backendOf: () => backend,
    dropSessions: async (id) => {
      dropped.push(id);
    },
    isOpening: () => false,
    resumeTurns: async () => {},
    logger: createLogger("silent"),
    newId: () => `box-${(next += 1)}`,
    now: () => Date.now(),
  });
});
afterEach(async () => {
  await fleet.close();
  await hub.drain();
  await store.close();
});

const spec = (given: object) => SandboxSpec.parse(given);

async function states(id: string): Promise<string[]> {
  const events = await hub.read({ filter: { kind: "sandbox", sandbox_id: id }, after: 0, limit: 100 });
  return events.flatMap((event) => (event.event_type === "sandbox_state_changed" ? [event.data.to] : []));
}

describe("the vault's provider credentials", () => {
  test("go into sandboxes of this machine; another gets only those that were named for it", async () => {
    const at = "2026-01-01T00:00:00.000Z";
    const local = (await getBackendRow(store.db, "local"))!;
    await insertBackend(store.db, { ...local, id: "far", kind: "sessions_api", name: "far" });
    await insertCredential(store.db, {
      id: "key",
      provider: "claude",
      name: "work",
      type: "api_key",
      scope: "user",
      backend_id: null,
      upstream_id: null,
      value_sealed: vault.seal("sk-kept", "credentials/key"),
      created_at: at,
      updated_at: at,
    });
    for (const wanted of [
      { name: "here" },
      { name: "there", backend_id: "far" },
      { name: "named", backend_id: "far", credentials: ["key"] },
    ]) {
      await (
        await fleet.create(spec(wanted))
      ).done;
    }
    const key = { ANTHROPIC_API_KEY: "sk-kept" };
    expect(made.map(({ secret_values }) => secret_values)).toEqual([key, {}, key]);
  });
});

describe("making a sandbox", () => {
  test("goes from pending over creating to running, and takes the upstream's facts", async () => {
    const { row, done } = await fleet.create(spec({ name: "web-1", labels: { team: "a" } }));
    expect(row.state).toBe("pending");
    await done;
    const sandbox = await fleet.read("web-1");
    expect([sandbox.state, sandbox.directory, sandbox.labels]).toEqual(["running", "/there", { team: "a" }]);
    expect(await states(row.id)).toEqual(["creating", "running"]);
  });

  test("refuses a taken name and leaves the first one alone", async () => {
    await (
      await fleet.create(spec({ name: "web-1" }))
    ).done;
    await expect(fleet.create(spec({ name: "web-1" }))).rejects.toMatchObject({
      status: 409,
      code: "sandbox_already_exists",
    });
    expect(made).toHaveLength(1);
  });

  test("keeps values of variables sealed, and out of the events and the answer", async () => {
    const { row, done } = await fleet.create(
      spec({ name: "web-1", env_vars: { API_URL: "http://value-here" } }),
    );
    await done;
    const everything = JSON.stringify([
      await fleet.read(row.id),
      await hub.read({ filter: { kind: "all" }, after: 0, limit: 100 }),
    ]);
    expect(everything).toContain("API_URL");
    expect(everything).not.toContain("value-here");
    expect(vault.open(row.env_sealed ?? "", `sandboxes/${row.id}`)).toContain("value-here");
  });

  test("hides the credentials in a repository's address", async () => {
    const source = { type: "git", url: "https://ann:hunter2@git.example/app.git" };
    const { row, done } = await fleet.create(spec({ name: "web-1", source }));
    await done;
    expect(JSON.stringify(await fleet.read(row.id))).not.toContain("hunter2");
  });

  test("gives the adapter the secrets it names, and refuses one that is not kept before anything is made", async () => {
    const at = new Date().toISOString();
    await insertSecret(store.db, {
      id: "s1",
      name: "DB",
      description: null,
      scope: "user",
      backend_id: null,
      upstream_id: null,
      value_sealed: vault.seal("postgres://x", "secrets/s1"),
      last_used_at: null,
      created_at: at,
      updated_at: at,
    });
    await (
      await fleet.create(spec({ name: "web-1", secret_env_vars: { DATABASE_URL: "DB" } }))
    ).done;
    expect(made[0]?.secret_values).toEqual({ DATABASE_URL: "postgres://x" });
    await expect(fleet.create(spec({ name: "web-2", secret_env_vars: { A: "nope" } }))).rejects.toMatchObject(
      {
        code: "secret_not_found",
      },
    );
    expect(made).toHaveLength(1);
  });

  test("refuses what its backend finds wrong, before anything is made", async () => {
    const issue = { path: "extra.size", message: "no such size" };
    backend.checkSpec = () => [issue];
    await expect(fleet.create(spec({ name: "odd" }))).rejects.toMatchObject({
      status: 400,
      code: "validation_failed",
      details: { issues: [issue] },
    });
    expect(made).toEqual([]);
    await expect(fleet.read("odd")).rejects.toMatchObject({ code: "sandbox_not_found" });
  });

  test("leaves a secret it does not keep to a backend that keeps its own", async () => {
    const secrets = { list: true, create: true, update: true, delete: true };
    backend = createFakeBackend({ capabilities: mockCapabilities({ secrets }) });
    await (
      await fleet.create(spec({ name: "web-1", secret_env_vars: { A: "kept-upstream" } }))
    ).done;
    expect((await fleet.read("web-1")).state).toBe("running");
  });

  test("that fails says why, stays to be deleted, and may be tried again", async () => {
    create = async () => {
      throw new BackendError("upstream_error", "The repository could not be cloned.");
    };
    const { row, done } = await fleet.create(spec({ name: "web-1" }));
    await done;
    const failed = await fleet.read(row.id);
    expect([failed.state, failed.state_detail]).toEqual(["failed", "The repository could not be cloned."]);
    const retry = vi.fn(async () => ({ ref: row.id, name: "web-1", state: "running" as const }));
    await fleet.retrySetup(row.id, retry);
    await vi.waitFor(async () => expect((await fleet.read(row.id)).state).toBe("running"));
  });

  test("can be deleted while it is being made", async () => {
    create = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
    const { row, done } = await fleet.create(spec({ name: "web-1" }));
    await vi.waitFor(() => expect(made).toHaveLength(1));
    await fleet.remove(row.id);
    await done;
    expect((await states(row.id)).at(-1)).toBe("terminated");
  });
});

describe("moving a sandbox", () => {
  async function running(): Promise<string> {
    const { row, done } = await fleet.create(spec({ name: "web-1" }));
    await done;
    return row.id;
  }

  test("lets its sessions go before it stops", async () => {
    const id = await running();
    await fleet.control(id, "stop");
    expect(dropped).toEqual([id]);
    expect(await states(id)).toEqual(["creating", "running", "stopping", "stopped"]);
  });

  test.each(["start", "resume"] as const)("refuses to %s what runs, naming the state", async (action) => {
    const id = await running();
    await expect(fleet.control(id, action)).rejects.toMatchObject({
      status: 409,
      code: "sandbox_invalid_state",
      details: { state: "running" },
    });
  });

  test("that fails upstream ends as failed with the reason", async () => {
    const id = await running();
    backend.controlSandbox = async () => {
      throw new BackendError("timeout", "It took too long.");
    };
    await expect(fleet.control(id, "stop")).rejects.toThrow("too long");
    expect((await fleet.read(id)).state_detail).toBe("It took too long.");
  });

  test("deletes what the upstream has forgotten already", async () => {
    const id = await running();
    backend.controlSandbox = async () => {
      throw new BackendError("not_found", "There is no such sandbox.");
    };
    await fleet.remove(id);
    expect((await states(id)).at(-1)).toBe("terminated");
  });

  test("is idle only without a turn, and only after its own minutes", async () => {
    const id = await running();
    await fleet.patch(id, { auto_stop_minutes: 5 });
    const now = Date.now();
    expect(await idleSandboxes(store, now + 4 * 60_000)).toEqual([]);
    expect(await idleSandboxes(store, now + 6 * 60_000)).toEqual([{ id, minutes: 5 }]);
  });
});

test("a step that ends replaces its start; the same step again is another line", () => {
  const at = (minute: number) => `2026-01-01T00:0${minute}:00.000Z`;
  let steps = provisioningAfter("[]", { step: "clone", status: "started", detail: null }, at(0));
  steps = provisioningAfter(steps, { step: "clone", status: "failed", detail: "no" }, at(1));
  steps = provisioningAfter(steps, { step: "clone", status: "started", detail: null }, at(2));
  expect(JSON.parse(steps).map(({ status }: { status: string }) => status)).toEqual(["failed", "started"]);
});

test.each([0, 0.5, 0.999999])("an invented name is a valid one (random %d)", (value) => {
  expect(SandboxSpec.shape.name.safeParse(inventName(() => value)).success).toBe(true);
});
