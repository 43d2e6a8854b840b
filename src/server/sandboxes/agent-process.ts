import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { BackendError } from "#src/backends/backend-error.ts";
import { createCappedLog } from "./capped-log.ts";
import { agentServerEnvironment } from "./environment.ts";
import type { SandboxLayout } from "./layout.ts";
import { createLineSplitter } from "./lines.ts";
import { endProcesses, processStarted, sandboxProcesses } from "./processes.ts";
import type { ProcessRecord } from "./record.ts";
import type { Redact } from "./redact.ts";

export type AgentProcessOptions = {
  sandbox_id: string;
  binary: string;
  layout: SandboxLayout;
  /** The environment of everything in the sandbox; the agents inherit it. */
  environment: Readonly<Record<string, string>>;
  redact: Redact;
  /** Called as soon as the process exists, so that a crash from here on leaves a trace to clean up by. */
  onSpawned: (record: ProcessRecord) => Promise<void>;
  signal: AbortSignal;
};

export type AgentProcessExit = { reason: string; stderr_tail: string };

/** A running `sandbox-agent server` with everything it started. */
export type AgentProcess = {
  readonly url: string;
  readonly token: string;
  readonly record: ProcessRecord;
  /** Resolves when the server has ended, whoever ended it. */
  readonly exited: Promise<AgentProcessExit>;
  /** Ends the server and all its descendants; resolves when none is left. Safe to call twice. */
  stop(): Promise<void>;
};

const HEALTH_DEADLINE_MS = 15_000;
const HEALTH_INTERVAL_MS = 20;
const PORT_TRIES = 5;
const LOG_BYTES = 2 * 1024 * 1024;
const TAIL_FOR_PEOPLE = 15;

/**
 * Starts the native agent server of a sandbox on a free loopback port behind a random token, and waits until it
 * answers (specs/sandbox-agent-acp.md, sections 1 and 8).
 *
 * @throws BackendError `agent_failed` with its last log lines when it does not come up within 15 s; the signal's
 * reason when aborted. Nothing stays running then.
 */
export async function startAgentProcess(options: AgentProcessOptions): Promise<AgentProcess> {
  for (let attempt = 1; ; attempt++) {
    const started = await launch(options, await freePort());
    try {
      await waitForHealth(started, options.signal);
      return started;
    } catch (error) {
      await started.stop();
      options.signal.throwIfAborted();
      // Between finding the port free and the server taking it, another program was faster.
      const lostPort = error instanceof BackendError && /address.* in use/i.test(String(error.details));
      if (!lostPort || attempt === PORT_TRIES) throw error;
    }
  }
}

async function launch(options: AgentProcessOptions, port: number): Promise<AgentProcess> {
  options.signal.throwIfAborted();
  const { sandbox_id, layout } = options;
  const token = randomBytes(24).toString("hex");
  const log = createCappedLog(layout.agentLog, LOG_BYTES);
  const args = ["server", "--host", "127.0.0.1", "--port", String(port), "--token", token, "--no-telemetry"];
  const child = spawn(options.binary, args, {
    cwd: layout.files,
    env: { ...options.environment, ...agentServerEnvironment(layout) },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const output of [child.stdout, child.stderr]) {
    const splitter = createLineSplitter((line) => log.add(options.redact(line)));
    output.on("data", splitter.write);
    output.once("end", splitter.end);
  }
  const exited = exitOf(child, () => log.tail()).finally(() => log.close());
  const pid = await pidOf(child);
  const leader = { pid, started: (await processStarted(pid)) ?? "" };

  let stopping: Promise<void> | null = null;
  async function end(): Promise<void> {
    // The server dies at once and its agents read the end of their input, which is how they are asked to leave.
    child.kill("SIGTERM");
    await endProcesses(() => sandboxProcesses(sandbox_id, leader));
    await exited;
  }

  const started: AgentProcess = {
    url: `http://127.0.0.1:${port}`,
    token,
    record: { ...leader, port },
    exited,
    stop: () => (stopping ??= end()),
  };
  try {
    await options.onSpawned(started.record);
  } catch (error) {
    await started.stop();
    throw error;
  }
  return started;
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child.pid ?? 0));
    child.once("error", (cause) =>
      reject(
        new BackendError("agent_failed", `The agent server cannot be started: ${cause.message}`, { cause }),
      ),
    );
  });
}

function exitOf(child: ChildProcess, tail: () => string[]): Promise<AgentProcessExit> {
  return new Promise((resolve) => {
    const finish = (reason: string): void =>
      resolve({ reason, stderr_tail: tail().slice(-TAIL_FOR_PEOPLE).join("\n") });
    child.once("error", (error) => finish(`The agent server cannot be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      const how = signal ? `was ended by ${signal}` : `ended with exit code ${code}`;
      // Its last words may still be in the pipe, and an agent that outlives it may hold that pipe open.
      const finished = setTimeout(() => finish(`The agent server ${how}.`), 200);
      child.once("close", () => {
        clearTimeout(finished);
        finish(`The agent server ${how}.`);
      });
    });
  });
}

async function waitForHealth(started: AgentProcess, signal: AbortSignal): Promise<void> {
  const settled = new AbortController();
  const polling = AbortSignal.any([signal, settled.signal, AbortSignal.timeout(HEALTH_DEADLINE_MS)]);
  const ended = started.exited.then((exit) => Promise.reject(neverCameUp(exit)));
  try {
    await Promise.race([pollHealth(started, polling), ended]);
  } finally {
    settled.abort();
  }
  signal.throwIfAborted();
}

async function pollHealth(started: AgentProcess, signal: AbortSignal): Promise<void> {
  while (!(await isHealthy(started, signal))) {
    if (signal.aborted) {
      throw new BackendError(
        "agent_failed",
        "The agent server did not answer within 15 s; try to start it again.",
      );
    }
    await delay(HEALTH_INTERVAL_MS);
  }
}

function neverCameUp({ reason, stderr_tail }: AgentProcessExit): BackendError {
  const last = stderr_tail.split("\n").at(-1);
  return new BackendError("agent_failed", last ? `${reason} It said: ${last}` : reason, {
    details: stderr_tail,
  });
}

async function isHealthy({ url, token }: AgentProcess, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${url}/v1/health`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    const body: unknown = response.ok ? await response.json() : null;
    return typeof body === "object" && body !== null && "status" in body && body.status === "ok";
  } catch {
    // Not listening yet; the caller's deadline decides how long that is fine.
    return false;
  }
}

/** A loopback port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
