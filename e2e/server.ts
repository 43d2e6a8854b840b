import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const root = join(import.meta.dirname, "..");

/** A real Sandbar server on a data directory of its own. */
export type TestServer = {
  readonly url: string;
  readonly token: string;
  readonly dataDir: string;
  /** The one-time link of the last start. */
  readonly signInLink: string;
  readonly pid: number;
  /** Stops it as Ctrl+C does and waits until it is gone. */
  stop(): Promise<number | null>;
  /** `kill -9`, as a crash. */
  kill(): Promise<void>;
  /** Starts it again on the same directory and port. */
  start(): Promise<void>;
  /** Stops it and removes its directory. */
  dispose(): Promise<void>;
  /** Everything it wrote to standard error. */
  log(): string;
  /** Calls the API with the environment token; fails on a status that is not 2xx. */
  api<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<T>;
  /** The same, giving the response whatever its status. */
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
};

/** Starts a server on a free port and resolves when it has printed its link. */
export async function startServer(
  options: { env?: Record<string, string>; args?: string[] } = {},
): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "sandbar-e2e-"));
  const token = `sbr_test_${Math.random().toString(36).slice(2)}${"x".repeat(24)}`;
  let child: ChildProcess | null = null;
  let port = "0";
  let url = "";
  let link = "";
  let log = "";

  async function start(): Promise<void> {
    const started = spawn(
      process.execPath,
      [join(root, "dist/server/main.js"), "--port", port, "--data-dir", dataDir, ...(options.args ?? [])],
      { env: { ...process.env, ...options.env, SANDBAR_TOKEN: token }, stdio: ["ignore", "pipe", "pipe"] },
    );
    child = started;
    started.stderr?.on("data", (chunk: Buffer) => {
      log += chunk.toString();
    });
    const lines = createInterface({ input: started.stdout ?? process.stdin });
    const ended = once(started, "exit").then(([code]) => {
      throw new Error(`the server ended with ${code} before it was ready:\n${log}`);
    });
    link = await Promise.race([
      (async () => {
        for await (const line of lines) {
          const found = /(http:\/\/\S+\/sign-in#\S+)/.exec(line);
          if (found?.[1]) return found[1];
        }
        throw new Error(`the server printed no link:\n${log}`);
      })(),
      ended,
    ]);
    ended.catch(() => {});
    url = new URL(link).origin;
    port = new URL(link).port;
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const current = child;
    child = null;
    if (!current || current.exitCode !== null || current.signalCode !== null)
      return current?.exitCode ?? null;
    const gone = once(current, "exit");
    current.kill(signal);
    const [code] = await gone;
    return code;
  }

  async function request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    return fetch(`${url}${path.startsWith("/api") ? "" : "/api/v1"}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  await start();
  return {
    get url() {
      return url;
    },
    get signInLink() {
      return link;
    },
    get pid() {
      return child?.pid ?? -1;
    },
    token,
    dataDir,
    start,
    stop: () => end("SIGTERM"),
    kill: async () => {
      await end("SIGKILL");
    },
    dispose: async () => {
      await end("SIGTERM");
      await rm(dataDir, { recursive: true, force: true });
    },
    log: () => log,
    request,
    api: async (method, path, body, headers) => {
      const response = await request(method, path, body, headers);
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
      return text === "" ? undefined : JSON.parse(text);
    },
  };
}
