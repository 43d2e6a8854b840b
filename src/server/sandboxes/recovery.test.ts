import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { resolveBinary } from "./binary.ts";
import { bundle, make, markedPids, open, temporaryFolder, testBackend } from "./test-local.ts";

const runner = path.join(temporaryFolder(), "runner.mjs");

beforeAll(() => bundle(path.join(import.meta.dirname, "local-backend.ts"), runner));

/** A process of its own that runs one sandbox and waits to be killed; resolves when the sandbox is up. */
async function serverOn(dataDir: string, sandbox_id: string, setup_script = ""): Promise<ChildProcess> {
  const program = path.join(temporaryFolder(), "main.mjs");
  const { path: binaryPath } = await resolveBinary(dataDir);
  writeFileSync(
    program,
    `import { createLocalBackend } from ${JSON.stringify(runner)};
     const backend = createLocalBackend({
       dataDir: ${JSON.stringify(dataDir)}, binaryPath: ${JSON.stringify(binaryPath)}, mockAgentPath: "/none", nodePath: process.execPath, now: Date.now,
       logger: { info() {}, warn() {}, error() {} }, valuesOf: async () => ({ env_vars: {}, secret_values: {} }),
     });
     const spec = { agent_provider: "mock", persistence: "persistent", env_vars: {}, secret_env_vars: {}, labels: {},
       auto_stop_minutes: 0, setup_script: ${JSON.stringify(setup_script)} };
     await backend.createSandbox(spec, {
       sandbox_id: ${JSON.stringify(sandbox_id)}, name: "orphan", secret_values: {}, signal: new AbortController().signal,
       emit: (event) => { if (event.event_type === "log_line") process.stdout.write(event.data.line); },
     });
     process.stdout.write("up");`,
  );
  const server = spawn(process.execPath, [program], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: process.cwd(),
  });
  const early = once(server, "exit").then(([code]) =>
    Promise.reject(new Error(`it ended early with ${code}`)),
  );
  await Promise.race([once(server.stdout, "data"), early]);
  early.catch(() => {});
  return server;
}

async function crash(server: ChildProcess): Promise<void> {
  server.kill("SIGKILL");
  await once(server, "exit");
}

describe("after a crash of Sandbar", () => {
  it("ends the agent server that was left, tells that it ran, and can start it again", async () => {
    const dataDir = temporaryFolder();
    const id = `crash-running-${process.pid}`;
    await crash(await serverOn(dataDir, id));
    const [orphan] = markedPids(id);
    expect(orphan).toBeDefined();

    const backend = testBackend({ dataDir });
    expect(await backend.recover()).toEqual([{ sandbox_id: id, was: "running", ended_pids: [orphan] }]);
    expect(markedPids(id)).toEqual([]);
    expect(await backend.getSandbox(id, open)).toMatchObject({ state: "stopped" });
    expect(await backend.recover()).toEqual([]);

    await backend.controlSandbox(id, "start", open);
    expect(await backend.getSandbox(id, open)).toMatchObject({ state: "running" });
  });

  it("ends a setup script that was under way and lets its sandbox be set up again or deleted", async () => {
    const dataDir = temporaryFolder();
    const id = `crash-making-${process.pid}`;
    await crash(await serverOn(dataDir, id, "echo begun; sleep 600"));
    expect(markedPids(id)).not.toEqual([]);

    const backend = testBackend({ dataDir });
    expect(await backend.recover()).toMatchObject([{ sandbox_id: id, was: "creating" }]);
    expect(markedPids(id)).toEqual([]);
    expect(await backend.getSandbox(id, open)).toMatchObject({
      state: "failed",
      state_detail: expect.stringContaining("Run its setup again"),
    });
    await expect(backend.controlSandbox(id, "start", open)).rejects.toMatchObject({ code: "invalid_state" });
    await backend.controlSandbox(id, "delete", open);
    expect(await backend.listSandboxes(open)).toEqual([]);
  });

  it("has nothing to do when Sandbar was stopped in order", async () => {
    const before = testBackend();
    const { id, done } = make(before);
    await done;
    await before.close();
    expect(markedPids(id)).toEqual([]);
    const after = testBackend({ dataDir: before.dataDir });
    expect(await after.recover()).toEqual([]);
    expect(await after.getSandbox(id, open)).toMatchObject({
      state: "stopped",
      state_detail: "Sandbar was stopped.",
    });
  });

  it("leaves processes of other data directories alone", async () => {
    const id = `crash-other-${process.pid}`;
    const server = await serverOn(temporaryFolder(), id);
    expect(await testBackend().recover()).toEqual([]);
    expect(markedPids(id)).not.toEqual([]);
    await crash(server);
    for (const pid of markedPids(id)) process.kill(pid, "SIGKILL");
  });

  it("shows a sandbox whose record is damaged, and deletes it", async () => {
    const backend = testBackend();
    const id = "damaged";
    const first = backend.createSandbox(
      // Only what a record needs.
      {
        agent_provider: "mock",
        persistence: "persistent",
        env_vars: {},
        secret_env_vars: {},
        labels: {},
        auto_stop_minutes: 0,
      },
      { sandbox_id: id, name: "box", secret_values: {}, emit() {}, signal: open },
    );
    await first;
    await backend.controlSandbox(id, "stop", open);
    writeFileSync(path.join(backend.dataDir, "sandboxes", id, "sandbox.json"), "{");
    expect(await backend.recover()).toEqual([]);
    expect(await backend.listSandboxes(open)).toMatchObject([
      { ref: id, state: "failed", state_detail: expect.stringContaining("cannot be read") },
    ]);
    await backend.controlSandbox(id, "delete", open);
    expect(await backend.listSandboxes(open)).toEqual([]);
  });
});
