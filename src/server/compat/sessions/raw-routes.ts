import { type Context, Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import { sandboxRoutes } from "#src/contract/sandboxes.ts";
import { Count } from "#src/contract/route.ts";
import { KEEPALIVE_MS } from "#src/contract/stream.ts";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/env.ts";
import { openSandbox, requireRunning } from "../../routes/open-sandbox.ts";
import type { Services } from "../../routes/services.ts";
import { readJson } from "../read-json.ts";
import { linesAfter } from "./lines-after.ts";

const ExecBody = sandboxRoutes["POST /sandboxes/{sandbox_id}/exec"].body;
const LogsQuery = z.object({ tail: Count(10_000).optional() });
const Lines = z.array(z.string());

/** How often a log that is followed is read, in ms. */
const LOOK_MS = 1_000;

/** The Sessions API's routes whose bodies are not JSON: files, output and logs as they come (its spec, section 2). */
export function rawRoutes(services: Services): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const file = "/sandboxes/:sandbox_id/files/:path{.+}";

  async function filesOf(context: Context<AppEnv>) {
    const { backend, ref } = await openSandbox(services, context.req.param("sandbox_id") ?? "", "files");
    const { files } = backend;
    if (!files) throw new ApiError(400, "unsupported", "This backend shows no files.");
    return { files, ref, path: context.req.param("path") ?? "", signal: context.req.raw.signal };
  }

  app.get(file, async (context) => {
    const { files, ref, path, signal } = await filesOf(context);
    const bytes = await found(path, () => files.read(ref, path, signal));
    // Agent output is hostile: it is handed out to be saved, never to be shown as a page of this origin.
    return context.body(new Uint8Array(bytes), 200, {
      "content-type": "application/octet-stream",
      "content-disposition": "attachment",
      "cache-control": "no-store",
    });
  });
  app.put(file, async (context) => {
    const { files, ref, path, signal } = await filesOf(context);
    const bytes = new Uint8Array(await context.req.arrayBuffer());
    await found(path, () => files.write(ref, path, bytes, signal));
    return context.json({ path, size: bytes.length, is_dir: false });
  });
  app.delete(file, async (context) => {
    const { files, ref, path, signal } = await filesOf(context);
    await found(path, () => files.remove(ref, path, signal));
    return context.body(null, 204);
  });

  app.post("/sandboxes/:sandbox_id/exec/stream", async (context) => {
    const { backend, sandbox, ref } = await openSandbox(services, context.req.param("sandbox_id"), "exec");
    const { exec } = backend;
    if (!exec) throw new ApiError(400, "unsupported", "This backend runs no commands.");
    const request = await readJson(context, ExecBody);
    requireRunning(sandbox);
    return sse(context, async (stream, signal) => {
      const say = (message: object) => stream.writeSSE({ data: JSON.stringify(message) });
      try {
        const { exit_code, stdout, stderr, duration_ms } = await exec(ref, request, signal);
        for (const text of linesOf(stdout)) await say({ type: "stdout", text });
        for (const text of linesOf(stderr)) await say({ type: "stderr", text });
        await say({ type: "exit", code: exit_code, exit_code, duration_ms });
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        await say({ type: "error", code: error.code, message: error.message });
      }
    });
  });

  app.get("/sandboxes/:sandbox_id/logs", async (context, next) => {
    if (context.req.query("follow") !== "true") return next();
    const { tail = 100 } = LogsQuery.parse({ tail: context.req.query("tail") });
    const { backend, ref } = await openSandbox(services, context.req.param("sandbox_id"), "logs");
    const read = async (signal: AbortSignal): Promise<string[]> =>
      Lines.parse(await backend.inspect?.(ref, "logs", signal));
    return sse(context, async (stream, signal) => {
      let known: string[] = [];
      for (let first = true; !signal.aborted; first = false) {
        const lines = await read(signal);
        const fresh = first ? lines.slice(-tail) : linesAfter(known, lines);
        for (const line of fresh) await stream.writeSSE({ data: line });
        known = lines;
        await stream.sleep(LOOK_MS);
      }
    });
  });

  /** A stream that says it lives, and ends with the caller or with what let it in. */
  function sse(
    context: Context<AppEnv>,
    work: (stream: SSEStreamingApi, signal: AbortSignal) => Promise<void>,
  ): Response {
    context.header("x-accel-buffering", "no");
    const ended = services.auth.endOf(context.get("credential_id"));
    return streamSSE(context, async (stream) => {
      const signal = AbortSignal.any([context.req.raw.signal, ended]);
      const keepalive = setInterval(() => void stream.write(": keepalive\n\n"), KEEPALIVE_MS);
      try {
        await work(stream, signal);
      } catch (error) {
        if (signal.aborted) return;
        services.logger.warn({ error, path: context.req.path }, "a stream ended early");
      } finally {
        clearInterval(keepalive);
      }
    });
  }

  return app;
}

/** A missing file in the Sessions API's word for it. */
async function found<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BackendError) || error.code !== "not_found") throw error;
    throw new ApiError(404, "file_not_found", `There is no file ${path} in this sandbox.`);
  }
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
