import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "vite";
import { afterAll } from "vitest";
import type { OpenSession } from "#src/backends/backend.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import { type LocalBackend, createLocalBackend } from "./local-backend.ts";
import { SANDBOX_MARKER } from "./processes.ts";
import { removeTree } from "./remove-folder.ts";

const folders: string[] = [];
const backends: LocalBackend[] = [];

afterAll(async () => {
  await Promise.all(backends.splice(0).map((backend) => backend.close()));
  await Promise.all(folders.splice(0).map(removeTree));
});

/** A folder that is gone when the test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "sandbar-local-"));
  folders.push(folder);
  return folder;
}

/** Never aborted. */
export const open: AbortSignal = new AbortController().signal;

export type TestBackend = LocalBackend & { dataDir: string; secrets: Record<string, string> };

/** A local backend on the real binary, closed when the test file ends. */
export function testBackend(
  options: { dataDir?: string; binaryPath?: string; mockAgentPath?: string } = {},
): TestBackend {
  const dataDir = options.dataDir ?? temporaryFolder();
  const secrets: Record<string, string> = {};
  const backend = createLocalBackend({
    mockAgentPath: path.join(dataDir, "never-built.js"),
    ...options,
    dataDir,
    nodePath: process.execPath,
    logger: { info() {}, warn() {}, error() {} },
    now: Date.now,
    valuesOf: () => Promise.resolve({ env_vars: { GREETING: "hi" }, secret_values: secrets }),
  });
  backends.push(backend);
  return Object.assign(backend, { dataDir, secrets });
}

/** Makes one file of a module and all it imports, to run it in a process of its own. */
export async function bundle(entry: string, file: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: entry,
      outDir: path.dirname(file),
      // It is loaded only for a grant, and its native part is no module to bundle.
      rolldownOptions: { external: ["ssh2"], output: { entryFileNames: path.basename(file) } },
    },
  });
}

/** A request for a new session of the mock agent in the sandbox's own folder. */
export function openRequest(sandbox_ref: string, change: Partial<OpenSession> = {}): OpenSession {
  return {
    sandbox_ref,
    session_id: crypto.randomUUID(),
    agent: "mock",
    title: null,
    directory: null,
    options: {},
    metadata: {},
    resume: null,
    history: "none",
    emit() {},
    onClosed() {},
    signal: open,
    ...change,
  };
}

let made = 0;

export type Made = { id: string; events: DomainEvent[]; done: Promise<unknown> };

/** Begins to make a sandbox with a fresh id; `done` is the call's own promise. */
export function make(
  backend: TestBackend,
  spec: Partial<SandboxSpec> = {},
  {
    name = "box",
    signal = open,
    codex_sign_in,
  }: { name?: string; signal?: AbortSignal; codex_sign_in?: string } = {},
): Made {
  const id = `t${process.pid}-${Date.now().toString(36)}-${made++}`;
  const events: DomainEvent[] = [];
  const done = backend.createSandbox(SandboxSpec.parse(spec), {
    sandbox_id: id,
    name,
    secret_values: backend.secrets,
    codex_sign_in,
    emit: (event) => events.push(event),
    signal,
  });
  return { id, events, done };
}

/** `step:status` of each provisioning event, in order. */
export function stepsOf(events: readonly DomainEvent[]): string[] {
  return events.flatMap((event) =>
    event.event_type === "provisioning_step" ? [`${event.data.step}:${event.data.status}`] : [],
  );
}

export function outputOf(events: readonly DomainEvent[]): string[] {
  return events.flatMap((event) => (event.event_type === "log_line" ? [event.data.line] : []));
}

/** Pids of live processes that carry the sandbox's marker, read independently of the code under test. */
export function markedPids(sandbox_id: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const environ = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
        return environ.includes(`${SANDBOX_MARKER}=${sandbox_id}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}

export function git(cwd: string, ...args: string[]): string {
  const identity = [
    "-c",
    "user.name=Test",
    "-c",
    "user.email=test@example.com",
    "-c",
    "init.defaultBranch=main",
  ];
  return execFileSync("git", [...identity, ...args], {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** A repository with one commit (`hello.txt`) on `main` and a branch `side`. */
export function testRepository(): string {
  const folder = path.join(temporaryFolder(), "repo");
  mkdirSync(folder);
  git(folder, "init", "-q");
  writeFileSync(path.join(folder, "hello.txt"), "hello\n");
  git(folder, "add", ".");
  git(folder, "commit", "-q", "-m", "first");
  git(folder, "branch", "side");
  return folder;
}

/** An agent that ignores the end of its input and SIGTERM, and leaves a daemon with a session and parent of its own. */
export function installStubbornAgent(backend: TestBackend, sandbox_id: string): void {
  const folder = path.join(
    backend.dataDir,
    "sandboxes",
    sandbox_id,
    "agent/sandbox-agent/bin/agent_processes",
  );
  const file = path.join(folder, "mock-acp");
  mkdirSync(folder, { recursive: true });
  rmSync(file, { force: true });
  writeFileSync(
    file,
    "#!/bin/sh\ntrap '' TERM\n(setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' &)\nwhile :; do sleep 1; done\n",
  );
  chmodSync(file, 0o755);
}
