import * as z from "zod";
import { LOCAL_ID } from "../backends/local-id.ts";
import { ApiError } from "../errors.ts";
import { handlers, reply } from "../http/mount.ts";
import { listSandboxes } from "../store/sandboxes.ts";
import { openSandbox, requireRunning, type SandboxFeature } from "./open-sandbox.ts";
import { parsePairs, parseWords } from "./query.ts";
import type { Services } from "./services.ts";

const Lines = z.array(z.string());

export function sandboxHandlers(services: Services) {
  const { fleet, store } = services;

  const open = (sandbox_id: string, feature: SandboxFeature | null) =>
    openSandbox(services, sandbox_id, feature);

  async function inspect(
    sandbox_id: string,
    what: "logs" | "stats" | "services" | "lifecycle_events",
    signal: AbortSignal,
  ) {
    const { backend, ref } = await open(sandbox_id, what);
    return backend.inspect?.(ref, what, signal);
  }

  return handlers({
    "GET /sandboxes": async ({ query }) => {
      const page = await listSandboxes(store.db, {
        backend_id: query.backend,
        states: parseWords(query.state),
        provider: query.provider,
        labels: parsePairs(query.label ?? query.labels),
        q: query.q,
        limit: query.limit ?? (query.page ? 100 : 1000),
        cursor: query.cursor,
      });
      return reply("GET /sandboxes", 200, query.page ? page : page.items);
    },
    "POST /sandboxes": async ({ body }) => {
      const { row } = await fleet.create(body);
      return reply("POST /sandboxes", 202, {
        id: row.id,
        sandbox_id: row.id,
        state: "pending",
        status: "provisioning",
        name: row.name,
        agent_provider: row.agent_provider,
      });
    },
    "GET /sandboxes/{sandbox_id}": async ({ params }) =>
      reply("GET /sandboxes/{sandbox_id}", 200, await fleet.read(params.sandbox_id)),
    "PATCH /sandboxes/{sandbox_id}": async ({ params, body }) =>
      reply("PATCH /sandboxes/{sandbox_id}", 200, await fleet.patch(params.sandbox_id, body)),
    "DELETE /sandboxes/{sandbox_id}": async ({ params }) => {
      await fleet.remove(params.sandbox_id);
      return reply("DELETE /sandboxes/{sandbox_id}", 204);
    },
    "GET /sandboxes/{sandbox_id}/impact": async ({ params, signal }) => {
      const sandbox = await fleet.read(params.sandbox_id);
      const [files, work] = await Promise.all([
        sandbox.backend_id === LOCAL_ID ? services.local.impact(sandbox.id, signal) : null,
        services.sessions.unfinished(sandbox.id),
      ]);
      return reply("GET /sandboxes/{sandbox_id}/impact", 200, {
        ...work,
        changed_files: files?.changed_files ?? [],
        file_count: files?.file_count ?? null,
      });
    },
    "POST /sandboxes/{sandbox_id}/start": async ({ params }) => {
      await fleet.control(params.sandbox_id, "start");
      return reply("POST /sandboxes/{sandbox_id}/start", 200, { status: "running" });
    },
    "POST /sandboxes/{sandbox_id}/stop": async ({ params }) => {
      await fleet.control(params.sandbox_id, "stop");
      return reply("POST /sandboxes/{sandbox_id}/stop", 200, { status: "stopped" });
    },
    "POST /sandboxes/{sandbox_id}/pause": async ({ params }) => {
      await open(params.sandbox_id, "pause");
      await fleet.control(params.sandbox_id, "pause");
      return reply("POST /sandboxes/{sandbox_id}/pause", 200, { status: "paused" });
    },
    "POST /sandboxes/{sandbox_id}/resume": async ({ params }) => {
      await open(params.sandbox_id, "pause");
      await fleet.control(params.sandbox_id, "resume");
      return reply("POST /sandboxes/{sandbox_id}/resume", 200, { status: "running" });
    },
    "POST /sandboxes/{sandbox_id}/setup": async ({ params }) => {
      await fleet.retrySetup(params.sandbox_id, services.local.retrySetup);
      return reply("POST /sandboxes/{sandbox_id}/setup", 202, { status: "provisioning" });
    },
    "GET /sandboxes/{sandbox_id}/agents": async ({ params, signal }) => {
      const { backend, ref } = await open(params.sandbox_id, null);
      return reply("GET /sandboxes/{sandbox_id}/agents", 200, await backend.listAgents(ref, signal));
    },
    "GET /sandboxes/{sandbox_id}/agents/{agent}/options": async ({ params, signal }) => {
      const { backend, ref } = await open(params.sandbox_id, null);
      const options = await backend.newSessionOptions?.(ref, params.agent, signal);
      return reply("GET /sandboxes/{sandbox_id}/agents/{agent}/options", 200, options ?? []);
    },
    "POST /sandboxes/{sandbox_id}/agents/{agent}/install": async ({ params, signal }) => {
      const { backend, ref } = await open(params.sandbox_id, null);
      await backend.installAgent(ref, params.agent, signal);
      const agent = (await backend.listAgents(ref, signal)).find(({ id }) => id === params.agent);
      if (!agent) throw new ApiError(404, "agent_not_found", `This sandbox knows no agent ${params.agent}.`);
      return reply("POST /sandboxes/{sandbox_id}/agents/{agent}/install", 200, agent);
    },
    "POST /sandboxes/{sandbox_id}/ssh": async ({ params, signal }) => {
      const { backend, ref } = await open(params.sandbox_id, "ssh");
      return reply("POST /sandboxes/{sandbox_id}/ssh", 200, await backend.ssh?.grant(ref, signal));
    },
    "DELETE /sandboxes/{sandbox_id}/ssh": async ({ params, body, signal }) => {
      const { backend, ref } = await open(params.sandbox_id, "ssh");
      await backend.ssh?.revoke(ref, body.token, signal);
      return reply("DELETE /sandboxes/{sandbox_id}/ssh", 204);
    },
    "GET /sandboxes/{sandbox_id}/stats": async ({ params, signal }) =>
      reply("GET /sandboxes/{sandbox_id}/stats", 200, await inspect(params.sandbox_id, "stats", signal)),
    "GET /sandboxes/{sandbox_id}/logs": async ({ params, query, signal }) => {
      const logs = Lines.parse(await inspect(params.sandbox_id, "logs", signal));
      return reply("GET /sandboxes/{sandbox_id}/logs", 200, { logs: logs.slice(-(query.tail ?? 100)) });
    },
    "GET /sandboxes/{sandbox_id}/services": async ({ params, signal }) =>
      reply(
        "GET /sandboxes/{sandbox_id}/services",
        200,
        await inspect(params.sandbox_id, "services", signal),
      ),
    "GET /sandboxes/{sandbox_id}/lifecycle-events": async ({ params, signal }) =>
      reply(
        "GET /sandboxes/{sandbox_id}/lifecycle-events",
        200,
        await inspect(params.sandbox_id, "lifecycle_events", signal),
      ),
    "POST /sandboxes/{sandbox_id}/exec": async ({ params, body, signal }) => {
      const { backend, sandbox, ref } = await open(params.sandbox_id, "exec");
      requireRunning(sandbox);
      return reply("POST /sandboxes/{sandbox_id}/exec", 200, await backend.exec?.(ref, body, signal));
    },
    "POST /sandboxes/{sandbox_id}/fs/mkdir": async ({ params, body, signal }) => {
      const { backend, ref } = await open(params.sandbox_id, "arrange_files");
      await backend.files?.makeFolder?.(ref, body.path, signal);
      return reply("POST /sandboxes/{sandbox_id}/fs/mkdir", 201, body);
    },
    "POST /sandboxes/{sandbox_id}/fs/move": async ({ params, body, signal }) => {
      const { backend, ref } = await open(params.sandbox_id, "arrange_files");
      await backend.files?.move?.(ref, body.from, body.to, signal);
      return reply("POST /sandboxes/{sandbox_id}/fs/move", 200, body);
    },
    "GET /sandboxes/{sandbox_id}/files": async ({ params, query, signal }) => {
      const { backend, ref } = await open(params.sandbox_id, "files");
      const { files } = backend;
      const limit = query.limit ?? 200;
      const found =
        query.q !== undefined && files?.search
          ? await files.search(ref, query.q, limit, signal)
          : await files?.list(ref, query.path ?? "", signal);
      return reply("GET /sandboxes/{sandbox_id}/files", 200, found?.slice(0, limit));
    },
  });
}
