import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Backend, CreateContext } from "#src/backends/backend.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import { type FakeAmika, startFakeAmika } from "#src/testing/fake-amika.ts";
import type { AmikaTiming } from "./api.ts";
import { createAmikaBackend } from "./backend.ts";

const TOKEN = "amk_secret-1";
const timing: Partial<AmikaTiming> = { poll_ms: 2, backoff: { base_ms: 2, max_ms: 4 } };
const signal = (): AbortSignal => AbortSignal.timeout(5_000);

let server: FakeAmika;
let backend: Backend;
const connect = (more: Partial<AmikaTiming> = {}, url = server.url, token: string | null = TOKEN): Backend =>
  createAmikaBackend({ url, token, random: () => 0, timing: { ...timing, ...more } });

beforeEach(async () => {
  server = await startFakeAmika({ token: TOKEN });
  backend = connect();
});
afterEach(async () => {
  await backend.close();
  await server.close();
});

const callsOf = (match: RegExp) => server.calls.filter(({ method, path }) => match.test(`${method} ${path}`));
const stateOf = async (ref: string): Promise<string | undefined> =>
  (await backend.getSandbox(ref, signal()))?.state;

describe("check", () => {
  test.each(["", "/", "/api/v0beta1", "/api/v0beta1/"])(
    "finds the API at the URL with %j",
    async (suffix) => {
      expect(await connect({}, server.url + suffix).check(signal())).toMatchObject({ state: "online" });
    },
  );

  test.each([
    [404, "<html>", /URL/],
    [200, "<!doctype html>", /web page/],
  ])("says what to do about another kind of server, which answers %i", async (status, body, detail) => {
    server.fault({ match: /GET/, status, body });
    expect(await backend.check(signal())).toMatchObject({
      state: "degraded",
      detail: expect.stringMatching(detail),
    });
  });

  test("finds out about the stream once", async () => {
    await backend.check(signal());
    await backend.check(signal());
    expect(callsOf(/GET .*\/agent-sessions$/)).toHaveLength(1);
    expect(backend.capabilities.sessions.live_events).toBe(false);
    await server.close();
    server = await startFakeAmika({ token: TOKEN, chats: true });
    const newer = connect();
    await newer.check(signal());
    expect(newer.capabilities.sessions.live_events).toBe(true);
    expect(newer.capabilities.notes["sessions.live_events"]).toBeUndefined();
  });
});

describe("making a sandbox", () => {
  const events: DomainEvent[] = [];
  const context = (name: string, more: Partial<CreateContext> = {}): CreateContext => ({
    sandbox_id: "sandbar-1",
    name,
    secret_values: {},
    emit: (event) => events.push(event),
    signal: signal(),
    ...more,
  });
  const spec = (fields: Record<string, unknown> = {}) => SandboxSpec.parse(fields);
  beforeEach(() => void events.splice(0));

  test("waits until it runs and its setup is over, and tells the steps", async () => {
    const made = await backend.createSandbox(spec({ agent_provider: "codex" }), context("web"));
    expect(made).toMatchObject({
      name: "web",
      state: "running",
      state_detail: null,
      agent_provider: "codex",
    });
    expect(made.extra?.resolved_agent_credentials).toHaveLength(2);
    const steps = events.flatMap((event) => (event.event_type === "provisioning_step" ? [event.data] : []));
    expect(steps).toEqual(
      expect.arrayContaining([
        { step: "claude credential", status: "done", detail: "team, oauth, default:oauth" },
        { step: "codex credential", status: "skipped", detail: "no_user_credential" },
        { step: "boot", status: "done", detail: null },
        { step: "warm-cache", status: "started", detail: "3 layers queued" },
        { step: "setup", status: "done", detail: null },
      ]),
    );
    expect(steps.filter(({ step }) => step === "boot")).toHaveLength(1);
  });

  test("a setup that fails leaves it running, and says so", async () => {
    const made = await backend.createSandbox(spec(), context("bad-setup"));
    expect(made).toMatchObject({
      state: "running",
      state_detail: expect.stringMatching(/setup script failed/),
    });
  });

  test("one that fails says why", async () => {
    await expect(backend.createSandbox(spec(), context("doomed"))).rejects.toMatchObject({
      message: "No capacity.",
    });
  });

  test("a name that is taken is named so", async () => {
    server.addSandbox("web");
    await expect(backend.createSandbox(spec(), context("web"))).rejects.toMatchObject({
      code: "already_exists",
    });
  });

  test("waiting survives failures, and waits as long as 429 asks", async () => {
    const look = /GET .*\/sandboxes\/sbx_1$/;
    server.fault({ match: look, status: 503, body: "<html>" });
    server.fault({ match: look, status: 429, headers: { "retry-after": "0" } });
    server.fault({ match: look, status: 200, body: "<!doctype html>" });
    expect(await backend.createSandbox(spec(), context("web"))).toMatchObject({ state: "running" });
  });

  test("waiting ends at its deadline, with the last word", async () => {
    await server.close();
    server = await startFakeAmika({ token: TOKEN, step_ms: 60_000 });
    const creating = connect({ settle_ms: 20 }).createSandbox(spec(), context("web"));
    await expect(creating).rejects.toMatchObject({
      code: "timeout",
      message: expect.stringMatching(/"creating"/),
    });
  });

  test("one that is deleted while it is made is deleted under Sandbar's id", async () => {
    await server.close();
    server = await startFakeAmika({ token: TOKEN, step_ms: 20 });
    backend = connect();
    const stop = new AbortController();
    const creating = backend.createSandbox(spec(), context("web", { signal: stop.signal }));
    await vi.waitFor(() => expect(callsOf(/GET .*sbx_1$/).length).toBeGreaterThan(0));
    stop.abort();
    await expect(creating).rejects.toThrow(/abort/i);
    await backend.controlSandbox("sandbar-1", "delete", signal());
    expect(server.sandboxes.size).toBe(0);
  });

  test("a lost answer does not make a second one", async () => {
    let cut = true;
    const lossy = createAmikaBackend({
      url: server.url,
      token: TOKEN,
      timing,
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (init.method !== "POST" || !cut) return response;
        cut = false;
        throw new TypeError("fetch failed");
      },
    });
    expect(await lossy.createSandbox(spec(), context("web"))).toMatchObject({
      name: "web",
      state: "running",
    });
    expect(server.sandboxes.size).toBe(1);
  });
});

describe("moving a sandbox", () => {
  test("stop and start wait until it is so, past the old state that is shown first", async () => {
    const { id } = server.addSandbox("web");
    await backend.controlSandbox(id, "stop", signal());
    expect(await stateOf(id)).toBe("stopped");
    await backend.controlSandbox(id, "start", signal());
    expect(await stateOf(id)).toBe("running");
  });

  test("a start out of failure is not taken for a failure", async () => {
    const { id } = server.addSandbox("web", { state: "failed", status: "failed" });
    await backend.controlSandbox(id, "start", signal());
    expect(await stateOf(id)).toBe("running");
  });

  test("what is under way already is no conflict, anything else is", async () => {
    const { id } = server.addSandbox("web");
    await backend.controlSandbox(id, "start", signal());
    expect(callsOf(/POST .*\/start$/)).toHaveLength(1);
    server.sandboxes.get(id)!.setup_status = "setup-running";
    await expect(backend.controlSandbox(id, "stop", signal())).rejects.toMatchObject({
      code: "invalid_state",
      message: expect.stringMatching(/setup script/),
    });
  });

  test("delete waits until it is gone; lists leave it out at once", async () => {
    await server.close();
    server = await startFakeAmika({ token: TOKEN, step_ms: 60 });
    backend = connect();
    const { id } = server.addSandbox("web");
    const deleting = backend.controlSandbox(id, "delete", signal());
    await vi.waitFor(() => expect(server.sandboxes.get(id)?.state).toBe("deleting"));
    expect(await backend.listSandboxes(signal())).toEqual([]);
    await deleting;
    expect(await backend.getSandbox(id, signal())).toBeNull();
  });

  test("a name with a slash is one segment", async () => {
    server.addSandbox("team/web");
    expect(await backend.getSandbox("team/web", signal())).toMatchObject({ name: "team/web" });
    expect(callsOf(/sandboxes\/team%2Fweb$/)).toHaveLength(1);
  });
});

describe("looking into a sandbox", () => {
  test("its services, from the sandbox where there is no list", async () => {
    const { id } = server.addSandbox("web");
    expect(await backend.inspect?.(id, "services", signal())).toMatchObject([
      { name: "web", containerPort: 3000 },
    ]);
  });

  test("its lifecycle events", async () => {
    const { id } = server.addSandbox("web");
    expect(await backend.inspect?.(id, "lifecycle_events", signal())).toMatchObject([{ step: "boot" }, {}]);
  });

  test("SSH is granted and revoked", async () => {
    const { id } = server.addSandbox("web");
    const access = await backend.ssh!.grant(id, signal());
    expect(access).toMatchObject({
      command: `ssh -p 2222 ${access.token}@ssh.example.test`,
      directory: "web",
    });
    expect(server.ssh.size).toBe(1);
    await backend.ssh!.revoke(id, access.token, signal());
    expect(server.ssh.size).toBe(0);
  });

  test("its agents, with and without a credential", async () => {
    await backend.secrets!.createCredential(
      "claude",
      { name: "team", value: "sk", type: "api_key", scope: "org" },
      signal(),
    );
    expect(await backend.listAgents("any", signal())).toMatchObject([
      { id: "claude", installed: true, credentials_available: true, detail: null },
      {
        id: "codex",
        installed: true,
        credentials_available: false,
        detail: expect.stringMatching(/Secrets/),
      },
    ]);
  });
});

describe("secrets", () => {
  test("are made, changed and removed, and never revealed", async () => {
    const port = backend.secrets!;
    const made = await port.create({ name: "KEY", value: "v1", description: null, scope: "user" }, signal());
    await port.update(made.ref, { value: "v2", description: "for tests" }, signal());
    expect(server.secrets.get(made.ref)).toMatchObject({ value: "v2" });
    expect(await port.list(signal())).toEqual([
      expect.objectContaining({ ref: made.ref, name: "KEY", description: "for tests", scope: "user" }),
    ]);
    await port.remove(made.ref, signal());
    expect(await port.list(signal())).toEqual([]);
    expect(callsOf(/reveal/)).toEqual([]);
  });

  test.each(["claude", "codex"])("credentials for %s", async (provider) => {
    const port = backend.secrets!;
    const credential = { name: "team", value: "{}", type: "oauth", scope: "org" } as const;
    const made = await port.createCredential(provider, credential, signal());
    await expect(port.createCredential(provider, credential, signal())).rejects.toMatchObject({
      code: "already_exists",
    });
    expect(await port.listCredentials(provider, signal())).toMatchObject([
      { ref: made.ref, provider, name: "team", type: "oauth", scope: "org" },
    ]);
    expect(await port.list(signal())).toEqual([]);
    await port.removeCredential(provider, made.ref, signal());
    expect(await port.listCredentials(provider, signal())).toEqual([]);
  });

  test("of another provider are refused", async () => {
    await expect(backend.secrets!.listCredentials("github/../x", signal())).rejects.toMatchObject({
      code: "unsupported",
    });
  });
});
