import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseConfig } from "#src/server/config.ts";
import { readServerInfo } from "#src/server/lock.ts";
import { type RunningServer, runServer } from "#src/server/run.ts";
import { bundle } from "#src/server/sandboxes/test-local.ts";

/** The token that a test server knows. */
export const TEST_TOKEN = "sbr_test_token_of_the_test_server";

type CallInit = { headers?: Record<string, string>; body?: string | Uint8Array; signal?: AbortSignal };

export type TestServer = {
  url: string;
  data_dir: string;
  /** A call with the token; `json` is sent as the body. */
  call(method: string, path: string, json?: unknown, init?: CallInit): Promise<Response>;
  /** The same, read as JSON, which the test says the type of; fails when the status is another than `status`. */
  ask<T = unknown>(status: number, method: string, path: string, json?: unknown): Promise<T>;
  close(): Promise<void>;
};

/**
 * The whole server in this process, as `npm start` runs it: its own data directory, the real sandbox-agent program, and
 * the mock agent. Sign-in links go nowhere; calls use `TEST_TOKEN`.
 */
export async function startTestServer(): Promise<TestServer> {
  const home = await mkdtemp(path.join(tmpdir(), "sandbar-server-"));
  const root = path.join(home, "program");
  await bundle("src/agents/mock/main.ts", path.join(root, "mock-agent.js"));
  await mkdir(path.join(home, "web"));
  const data_dir = path.join(home, "data");
  const line = parseConfig(["--port", "0", "--data-dir", data_dir, "--log-level", "silent"], {
    SANDBAR_TOKEN: TEST_TOKEN,
  });
  if (line.kind !== "run") throw new Error(`the test's own command line is a ${line.kind}`);
  const server = await quietly(() => runServer(line.config, { version: "0.0.0-test", root }));
  const url = `http://127.0.0.1:${readServerInfo(data_dir)?.port}`;

  async function call(method: string, where: string, json?: unknown, init: CallInit = {}) {
    return fetch(`${url}${where}`, {
      method,
      ...init,
      headers: {
        authorization: `Bearer ${TEST_TOKEN}`,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
        ...init.headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
  }

  return {
    url,
    data_dir,
    call,
    async ask(status, method, where, json) {
      const response = await call(method, where, json);
      const text = await response.text();
      if (response.status !== status) {
        throw new Error(`${method} ${where} answered ${response.status}, not ${status}: ${text}`);
      }
      return text === "" ? undefined : JSON.parse(text);
    },
    async close() {
      await server.close("the test's end");
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Keeps the printed sign-in link out of the test report. */
async function quietly(start: () => Promise<RunningServer>): Promise<RunningServer> {
  const write = process.stdout.write;
  process.stdout.write = () => true;
  try {
    return await start();
  } finally {
    process.stdout.write = write;
  }
}
