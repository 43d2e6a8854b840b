import { readFileSync, existsSync, mkdirSync, writeFileSync, chmodSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  installStubbornAgent,
  make,
  markedPids,
  open,
  openRequest,
  stepsOf,
  testBackend,
} from "./test-local.ts";

const backend = testBackend();
const recordOf = (id: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(backend.dataDir, "sandboxes", id, "sandbox.json"), "utf8"));

/** Starts the sandbox's mock agent; resolves when its two processes are there. */
async function startStubbornAgent(id: string): Promise<void> {
  installStubbornAgent(backend, id);
  // It never answers; what is waited for is its processes.
  backend.openSession(openRequest(id)).catch(() => {});
  await vi.waitUntil(() => markedPids(id).length >= 4);
}

describe("a local sandbox", () => {
  it("starts the real server, lists agents, stops without a trace, starts again, and is deleted", async () => {
    const { id, events, done } = make(backend, { env_vars: { GREETING: "hi" } });
    await done;
    expect(stepsOf(events)).toEqual([
      "validate:started",
      "validate:done",
      "create_sandbox:started",
      "create_sandbox:done",
      "start_sandbox:started",
      "start_sandbox:done",
    ]);
    expect(await backend.getSandbox(id, open)).toMatchObject({ ref: id, name: "box", state: "running" });
    expect(markedPids(id)).toHaveLength(1);

    const before = await backend.listAgents(id, open);
    expect(before[0]).toMatchObject({ id: "mock", installed: false, name: "Mock agent" });
    expect(before.map((agent) => agent.id)).toEqual([
      "mock",
      "claude",
      "codex",
      "opencode",
      "amp",
      "pi",
      "cursor",
    ]);
    await backend.installAgent(id, "mock", open);
    expect((await backend.listAgents(id, open))[0]).toMatchObject({ id: "mock", installed: true });

    await backend.controlSandbox(id, "stop", open);
    expect(markedPids(id)).toEqual([]);
    expect(await backend.getSandbox(id, open)).toMatchObject({ state: "stopped", endpoint_url: null });
    await expect(backend.listAgents(id, open)).rejects.toMatchObject({ code: "invalid_state" });

    await backend.controlSandbox(id, "start", open);
    expect(markedPids(id)).toHaveLength(1);
    const echo = await backend.exec!(id, { command: ["sh", "-c", "echo $GREETING; pwd"] }, open);
    expect(echo).toMatchObject({
      exit_code: 0,
      stdout: `hi\n${path.join(backend.dataDir, "sandboxes", id, "files")}\n`,
    });

    await backend.controlSandbox(id, "delete", open);
    expect(markedPids(id)).toEqual([]);
    expect(existsSync(path.join(backend.dataDir, "sandboxes", id))).toBe(false);
    expect(await backend.getSandbox(id, open)).toBeNull();
    await backend.controlSandbox(id, "delete", open);
  });

  it("ends agents that ignore the end of their input and left the process group", async () => {
    const { id, done } = make(backend);
    await done;
    await startStubbornAgent(id);
    await backend.controlSandbox(id, "stop", open);
    expect(markedPids(id)).toEqual([]);
  });

  it("notices that the agent server died, ends its agents and can start again", async () => {
    const exits: [string, string, string][] = [];
    const stopListening = backend.onSandboxExit((...exit) => exits.push(exit));
    const { id, done } = make(backend);
    await done;
    await startStubbornAgent(id);
    process.kill((recordOf(id).process as { pid: number }).pid, "SIGKILL");
    await vi.waitUntil(() => exits.length > 0);
    expect(exits[0]).toEqual([
      id,
      "The agent server was ended by SIGKILL.",
      expect.stringContaining("server listening"),
    ]);
    expect(markedPids(id)).toEqual([]);
    expect(await backend.getSandbox(id, open)).toMatchObject({
      state: "failed",
      state_detail: "The agent server was ended by SIGKILL.",
    });
    await backend.controlSandbox(id, "start", open);
    expect(await backend.getSandbox(id, open)).toMatchObject({ state: "running", state_detail: null });
    await backend.controlSandbox(id, "delete", open);
    expect(exits).toHaveLength(1);
    stopListening();
  });

  it("keeps values out of its record and out of what commands print", async () => {
    backend.secrets.API_KEY = "s3cret-value";
    const { id, done } = make(backend, { env_vars: { PLAIN: "plain-value" } });
    await done;
    const result = await backend.exec!(id, { command: ["sh", "-c", "echo key=$API_KEY"] }, open);
    expect(result.stdout).toBe("key=•••\n");
    expect(JSON.stringify(recordOf(id))).not.toMatch(/s3cret|plain-value/);
    delete backend.secrets.API_KEY;
    await backend.controlSandbox(id, "delete", open);
  });

  it("inherits little of Sandbar's own environment", async () => {
    vi.stubEnv("SANDBAR_KEY", "vault");
    vi.stubEnv("ANTHROPIC_API_KEY", "sk-exported");
    const { id, done } = make(backend);
    await done;
    const { stdout } = await backend.exec!(id, { command: ["env"] }, open);
    vi.unstubAllEnvs();
    expect(stdout).not.toContain("SANDBAR_KEY");
    expect(stdout).toContain("ANTHROPIC_API_KEY=sk-exported");
    await backend.controlSandbox(id, "delete", open);
  });

  it("deletes folders that refuse writes", async () => {
    const { id, done } = make(backend);
    await done;
    const folder = path.join(backend.dataDir, "sandboxes", id, "files/cache");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "module"), "");
    chmodSync(folder, 0o500);
    await backend.controlSandbox(id, "delete", open);
    expect(existsSync(folder)).toBe(false);
  });

  it.each(["Bad Name", "../up", "", "a/b", "-x", "UPPER"])(
    "refuses the name %j and makes nothing",
    async (name) => {
      const { id, done } = make(backend, {}, { name });
      await expect(done).rejects.toMatchObject({ code: "invalid_request" });
      expect(existsSync(path.join(backend.dataDir, "sandboxes", id))).toBe(false);
    },
  );

  it.each(["../up", "a/b", "", ".", "a b"])("refuses the id %j", async (id) => {
    await expect(backend.controlSandbox(id, "delete", open)).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  it("refuses an id that exists and leaves that sandbox alone", async () => {
    const { id, done } = make(backend);
    await done;
    const again = backend.createSandbox(
      {
        agent_provider: "mock",
        persistence: "persistent",
        env_vars: {},
        secret_env_vars: {},
        labels: {},
        auto_stop_minutes: 0,
      },
      { sandbox_id: id, name: "other", secret_values: {}, emit() {}, signal: open },
    );
    await expect(again).rejects.toMatchObject({ code: "already_exists" });
    expect(await backend.getSandbox(id, open)).toMatchObject({ state: "running", name: "box" });
    await backend.controlSandbox(id, "delete", open);
  });

  it("tells what it uses and what it logged", async () => {
    const { id, done } = make(backend);
    await done;
    expect(await backend.inspect!(id, "stats", open)).toMatchObject({
      processes: 1,
      memory_used_mb: expect.any(Number),
    });
    await vi.waitUntil(async () =>
      JSON.stringify(await backend.inspect!(id, "logs", open)).includes("server listening"),
    );
    await expect(backend.inspect!(id, "services", open)).rejects.toMatchObject({ code: "unsupported" });
    await backend.controlSandbox(id, "delete", open);
  });
});
