import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "vite";

export type RealAgentServer = {
  readonly url: string;
  readonly token: string;
  /** Where it runs: the folder of sessions that name none. */
  readonly folder: string;
  /** `kill -9`, as a crash. Its agents see the end of their input. */
  kill(): Promise<void>;
  /** Starts it again: the same address, token and data. */
  start(): Promise<void>;
  /** Ends it and every agent it started. */
  stop(): Promise<void>;
};

/** The real server binary with the mock agent in place of its own, in a folder of its own. */
export async function startRealAgentServer(): Promise<RealAgentServer> {
  const home = await mkdtemp(join(tmpdir(), "sandbar-acp-"));
  const launchers = join(home, "data/sandbox-agent/bin/agent_processes");
  await mkdir(launchers, { recursive: true });
  await bundleMockAgent(join(home, "agent"));
  const launcher = `#!/bin/sh\nexec "${process.execPath}" "${join(home, "agent/mock-agent.mjs")}"\n`;
  await writeFile(join(launchers, "mock-acp"), launcher, { mode: 0o755 });
  const server = await launchAgentServer(home);
  return {
    ...server,
    async stop() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The real server binary with the agents on the `PATH` of `env`; everything it stores is below `home`. */
export async function launchAgentServer(
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RealAgentServer> {
  const folder = join(home, "work");
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const token = crypto.randomUUID();
  const url = `http://127.0.0.1:${port}`;
  const binary = binaryPath();
  // Its package comes without the right to run it.
  await chmod(binary, 0o755);
  const started: ChildProcess[] = [];

  async function start(): Promise<void> {
    const args = ["server", "--host", "127.0.0.1", "--port", `${port}`, "--token", token, "--no-telemetry"];
    const child = spawn(binary, args, {
      cwd: folder,
      env: {
        ...process.env,
        HOME: home,
        XDG_DATA_HOME: join(home, "data"),
        SANDBOX_AGENT_ACP_REQUEST_TIMEOUT_MS: "86400000",
        SANDBOX_AGENT_REQUIRE_PREINSTALL: "1",
        ...env,
      },
      stdio: "ignore",
      // A process group of its own, with its agents in it.
      detached: true,
    });
    started.push(child);
    await untilUp(url);
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const child = started.at(-1);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }

  await start();
  return {
    url,
    token,
    folder,
    start,
    kill: () => end("SIGKILL"),
    async stop() {
      await end("SIGTERM");
      for (const { pid } of started) if (pid) endGroup(pid);
    },
  };
}

/** Agents that outlive their server (spec 3.6) go with its process group. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function binaryPath(): string {
  const platform = `${process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve(`@sandbox-agent/cli-${platform}/package.json`)), "bin/sandbox-agent");
}

async function bundleMockAgent(outDir: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: {
      ssr: "src/agents/mock/main.ts",
      outDir,
      target: "node20",
      rolldownOptions: { output: { entryFileNames: "mock-agent.mjs" } },
    },
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

/** Any answer will do: without the token it is a 401. */
async function untilUp(url: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await fetch(`${url}/v1/health`);
      return;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
