import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "vite";

export type RealAgentServer = { url: string; token: string; folder: string; stop(): Promise<void> };

/** The real server binary with the mock agent in place of its own, in a folder of its own. */
export async function startRealAgentServer(): Promise<RealAgentServer> {
  const home = await mkdtemp(join(tmpdir(), "sandbar-acp-"));
  const folder = join(home, "work");
  const launchers = join(home, "data/sandbox-agent/bin/agent_processes");
  await mkdir(folder, { recursive: true });
  await mkdir(launchers, { recursive: true });
  await bundleMockAgent(join(home, "agent"));
  const launcher = `#!/bin/sh\nexec "${process.execPath}" "${join(home, "agent/mock-agent.mjs")}"\n`;
  await writeFile(join(launchers, "mock-acp"), launcher, { mode: 0o755 });

  const port = await freePort();
  const token = crypto.randomUUID();
  const args = ["server", "--host", "127.0.0.1", "--port", String(port), "--token", token, "--no-telemetry"];
  const env = {
    ...process.env,
    HOME: home,
    XDG_DATA_HOME: join(home, "data"),
    SANDBOX_AGENT_ACP_REQUEST_TIMEOUT_MS: "86400000",
    SANDBOX_AGENT_REQUIRE_PREINSTALL: "1",
  };
  const binary = binaryPath();
  // Its package comes without the right to run it.
  await chmod(binary, 0o755);
  const child = spawn(binary, args, { cwd: folder, env, stdio: "ignore", detached: true });
  const url = `http://127.0.0.1:${port}`;
  await untilUp(url);
  return {
    url,
    token,
    folder,
    async stop() {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      await rm(home, { recursive: true, force: true });
    },
  };
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
