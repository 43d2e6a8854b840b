import { Hono } from "hono";
import type { AppEnv } from "../../http/env.ts";
import { ApiError } from "../../errors.ts";
import { LOCAL_ID } from "../../backends/local-id.ts";
import type { Services } from "../../routes/services.ts";
import { listCredentials } from "../../store/secrets.ts";
import { listSessions } from "../../store/sessions.ts";
import { listLocalSandboxes, localSandbox, untilBegun } from "../local-sandboxes.ts";
import { readJson } from "../read-json.ts";
import { resolveCredentials, specOf } from "./create.ts";
import { readLifecycle } from "./lifecycle.ts";
import { repositoryName, sandboxView } from "./sandbox-view.ts";
import { CreateSandbox, RevokeSsh } from "./wire.ts";

/** Sandboxes and SSH (spec 1.1, 1.2). */
export function sandboxRoutes(services: Services): Hono<AppEnv> {
  const { fleet, store, sessions, registry, logger } = services;
  const app = new Hono<AppEnv>();

  async function newestSession(sandbox_id: string): Promise<string | null> {
    const { items } = await listSessions(store.db, { sandbox_id, limit: 1 });
    return items[0]?.id ?? null;
  }

  function ssh() {
    const port = registry.adapter(LOCAL_ID).ssh;
    if (port) return port;
    throw new ApiError(400, "unsupported", "This server gives no SSH access to its sandboxes.");
  }

  app.get("/", async (context) => {
    const sandboxes = await listLocalSandboxes(services);
    const views = sandboxes.map(async (sandbox) => sandboxView(sandbox, await newestSession(sandbox.id)));
    return context.json(await Promise.all(views));
  });

  app.post("/", async (context) => {
    const body = await readJson(context, CreateSandbox);
    const { answers, credential_ids } = resolveCredentials(
      body.agent_credentials,
      await listCredentials(store.db),
    );
    const { row, done } = await fleet.create(specOf(body, credential_ids));
    const { initial_prompt } = body;
    if (initial_prompt !== undefined) {
      const actor = context.get("actor");
      done
        .then(async () => {
          if ((await fleet.read(row.id)).state !== "running") return;
          const session = await sessions.create(row.id, body.agent ? { agent: body.agent } : {});
          await sessions.send(session.id, [{ type: "text", text: initial_prompt }], actor);
        })
        .catch((error: unknown) =>
          logger.warn({ sandbox_id: row.id, error }, "an initial prompt could not be sent"),
        );
    }
    const view = sandboxView(await fleet.read(row.id), null);
    return context.json({ ...view, resolved_agent_credentials: answers }, 202);
  });

  app.get("/:id", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    return context.json(sandboxView(sandbox, await newestSession(sandbox.id)));
  });

  app.delete("/:id", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    await fleet.remove(sandbox.id);
    return context.json({ ok: true });
  });

  app.post("/:id/start", async (context) => {
    const { id } = await localSandbox(services, context.req.param("id"));
    await untilBegun(services, id, () => fleet.control(id, "start"));
    return context.json({ ok: true }, 202);
  });

  app.post("/:id/stop", async (context) => {
    const { id } = await localSandbox(services, context.req.param("id"));
    await untilBegun(services, id, () => fleet.control(id, "stop"));
    return context.json({ ok: true }, 202);
  });

  app.post("/:id/ssh", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const access = await ssh().grant(sandbox.upstream_id ?? sandbox.id, context.req.raw.signal);
    return context.json({
      ssh_destination: access.destination,
      token: access.token,
      expires_at: access.expires_at,
      sandbox_id: sandbox.id,
      sandbox_name: sandbox.name,
      repo_name: sandbox.repository === null ? null : repositoryName(sandbox.repository),
      ...(access.host_key === null ? {} : { host_public_key: access.host_key }),
    });
  });

  app.delete("/:id/ssh", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const { token } = await readJson(context, RevokeSsh);
    await ssh().revoke(sandbox.upstream_id ?? sandbox.id, token, context.req.raw.signal);
    return context.body(null, 204);
  });

  app.get("/:id/lifecycle-events", async (context) => {
    const sandbox = await localSandbox(services, context.req.param("id"));
    const events = await readLifecycle(services, sandbox.id);
    return context.json({ events, count: events.length });
  });

  return app;
}
