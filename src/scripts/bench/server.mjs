// The product as its users run it: the built server in a process of its own, on a data directory of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../tools.mjs";

const token = `sbr_bench_${"x".repeat(32)}`;

export function makeServer() {
  const dataDir = mkdtempSync(join(tmpdir(), "sandbar-bench-"));
  let child = null;
  let origin = "";
  let log = "";

  /** Starts it; gives the milliseconds until its link was printed. */
  async function start() {
    const started = performance.now();
    const port = origin === "" ? "0" : new URL(origin).port;
    child = spawn(
      process.execPath,
      [join(root, "dist/server/main.js"), "--port", port, "--data-dir", dataDir],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, SANDBAR_TOKEN: token } },
    );
    child.stderr.on("data", (chunk) => (log += chunk));
    return new Promise((resolve, reject) => {
      child.stdout.on("data", (chunk) => {
        const link = /http:\/\/\S+\/sign-in#/.exec(String(chunk));
        if (!link) return;
        origin = new URL(link[0]).origin;
        resolve(performance.now() - started);
      });
      child.once("exit", (code, signal) =>
        reject(new Error(`the server ended with ${code ?? signal}:\n${log}`)),
      );
    });
  }

  async function stop() {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGTERM");
    await gone;
  }

  async function api(method, path, body, headers = {}) {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  return {
    dataDir,
    token,
    get origin() {
      return origin;
    },
    start,
    stop,
    api,
    /** Resident memory in MB. */
    memory: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1000,
    async dispose() {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Asks again until `test` passes; throws with `what` after a minute. */
export async function until(what, test) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const result = await test();
    if (result) return result;
    if (Date.now() > deadline) throw new Error(`waited a minute for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const send = (server, session_id, message) =>
  server.api("POST", `/sessions/${session_id}/messages`, { message }, { prefer: "respond-async" });

const isAtRest = async (server, session_id) =>
  (await server.api("GET", `/sessions/${session_id}?messages=0`)).state === "active";

/** Waits until no turn runs. */
export const atRest = (server, session_id) => until("the turn's end", () => isAtRest(server, session_id));

/** Stops the turn that runs, one that would not end by itself, and waits for its end. */
export async function endTurn(server, session_id) {
  if (!(await isAtRest(server, session_id))) await server.api("POST", `/sessions/${session_id}/interrupt`);
  await atRest(server, session_id);
}
