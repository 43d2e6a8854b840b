import { afterEach, describe, expect, test } from "vitest";
import type { DomainEvent } from "#src/domain/event.ts";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import { type FakeApiConfig, startFakeSessionsApi } from "#src/testing/fake-sessions-api.ts";
import { createSessionsApiBackend } from "./backend.ts";
import { fromWire } from "./sandboxes.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.close();
});

async function start(config: FakeApiConfig = {}) {
  const server = await startFakeSessionsApi(config);
  const backend = createSessionsApiBackend({ url: server.url, token: null, timing: { poll_ms: 5 } });
  opened.push(backend, server);
  return { server, backend };
}

const { signal } = new AbortController();

function create(backend: Awaited<ReturnType<typeof start>>["backend"], spec: object) {
  const events: DomainEvent[] = [];
  const made = backend.createSandbox(SandboxSpec.parse(spec), {
    sandbox_id: "own",
    name: "box",
    secret_values: { KEY: "s3cret" },
    emit: (event) => events.push(event),
    signal,
  });
  return { made, events };
}

describe.each(["source", "doc"] as const)("as the server's %s", (style) => {
  test("a sandbox comes up with its steps told", async () => {
    const { server, backend } = await start({ style });
    const source = { type: "git", url: "https://x/r.git", branch: "main" };
    const { made, events } = create(backend, { source, env_vars: { A: "1" }, setup_script: "make" });
    const sandbox = await made;
    expect(sandbox).toMatchObject({ name: "box", state: "running" });
    const steps = events.map(({ data }) =>
      "step" in data && "status" in data ? `${data.step} ${data.status}` : "",
    );
    expect(steps.filter((step) => step.endsWith("done"))).toEqual([
      "prepare_image done",
      "start_sandbox done",
    ]);
    expect(server.sandboxes.get(sandbox.ref)?.spec).toMatchObject({
      name: "box",
      env_vars: { A: "1", KEY: "s3cret" },
      git_repos: [{ url: "https://x/r.git", branch: "main" }],
      provisioning_scripts: ["make"],
    });
    expect(JSON.stringify([sandbox, events])).not.toContain("s3cret");
  });

  test("one that fails says why", async () => {
    const { backend } = await start({ style });
    const { made } = create(backend, { image: "bad" });
    await expect(made).rejects.toMatchObject({ message: expect.stringMatching(/failed: no such image/) });
  });

  test("it is paused, resumed, stopped, started and deleted", async () => {
    const { server, backend } = await start({ style });
    const ref = server.sandbox_id;
    for (const [action, state] of [
      ["pause", "paused"],
      ["resume", "running"],
      ["stop", "stopped"],
      ["start", "running"],
    ] as const) {
      await backend.controlSandbox(ref, action, signal);
      expect(await backend.getSandbox(ref, signal)).toMatchObject({ state });
    }
    await backend.controlSandbox(ref, "delete", signal);
    expect(await backend.getSandbox(ref, signal)).toBeNull();
    // What is gone already is deleted.
    await backend.controlSandbox(ref, "delete", signal);
  });
});

test("logs, stats, commands and files", async () => {
  const { server, backend } = await start();
  const ref = server.sandbox_id;
  expect(await backend.inspect?.(ref, "logs", signal)).toEqual({ logs: ["one", "two"] });
  expect(await backend.inspect?.(ref, "stats", signal)).toMatchObject({ cpu_usage_percent: 5 });
  expect(await backend.exec?.(ref, { command: ["echo", "hi"] }, signal)).toMatchObject({ stdout: "echo hi" });
  expect(await backend.files?.list(ref, "/", signal)).toMatchObject([{ path: "/a.ts", is_dir: false }]);
  const bytes = await backend.files?.read(ref, "/dir/a b.ts", signal);
  expect(new TextDecoder().decode(bytes)).toBe("/dir/a b.ts");
});

test("a state that nobody knows is kept in words, and environment values stay out", async () => {
  expect(fromWire({ id: "1", state: "hibernating", spec: { env_vars: { A: "clear" } } })).toMatchObject({
    state: "running",
    state_detail: "hibernating",
  });
  const { backend } = await start();
  expect(JSON.stringify(await backend.listSandboxes(signal))).not.toContain("clear");
});

test("agents are names on one server, and whole on a Sandbar", async () => {
  const plain = await start();
  expect(await plain.backend.listAgents(plain.server.sandbox_id, signal)).toMatchObject([
    { id: "claude-code" },
    { id: "codex" },
  ]);
  const sandbar = await start({ style: "sandbar" });
  expect(await sandbar.backend.check(signal)).toMatchObject({ state: "online", version: "9.9.9" });
  expect(await sandbar.backend.listAgents(sandbar.server.sandbox_id, signal)).toMatchObject([
    { id: "claude-code", credentials_available: false },
  ]);
  expect(sandbar.backend.capabilities.sessions.always).toBe(true);
  expect(plain.backend.capabilities.notes["sessions.always"]).toBeDefined();
});

test("credentials are secrets: made, listed by provider, deleted, never changed", async () => {
  const { server, backend } = await start();
  const secrets = backend.secrets!;
  const scope = "user" as const;
  const made = await secrets.create(
    { name: "API_KEY", value: "v1", description: "for tests", scope },
    signal,
  );
  await secrets.createCredential("claude", { name: "c", value: "v2", type: "api_key", scope }, signal);
  expect(await secrets.list(signal)).toMatchObject([
    { ref: made.ref, name: "API_KEY", description: "for tests" },
  ]);
  expect(await secrets.listCredentials("claude", signal)).toMatchObject([
    { name: "c", provider: "claude", type: "api_key" },
  ]);
  expect(server.calls.find(({ method }) => method === "POST")?.body).toMatchObject({
    credential_type: "api_key",
    value: "v1",
    data: { value: "v1" },
  });
  await expect(secrets.update(made.ref, { value: "v3" }, signal)).rejects.toMatchObject({
    code: "unsupported",
  });
  await secrets.remove(made.ref, signal);
  expect(await secrets.list(signal)).toEqual([]);
});
