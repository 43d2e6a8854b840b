import type { BackendKind } from "#src/domain/backend.ts";
import { ApiError } from "../errors.ts";
import { leaveBackend } from "../fleet/leave.ts";
import { handlers, reply } from "../http/mount.ts";
import type { Services } from "./services.ts";

export function backendHandlers(services: Services) {
  const { registry, probe, follower, sessions } = services;

  async function recognise(url: string, token: string | null): Promise<Exclude<BackendKind, "local">> {
    const { kind, message, attempts, failure } = await probe(url, token);
    if (kind === null || kind === "local") {
      const code = failure === "unreachable" ? "backend_unreachable" : "backend_kind_unknown";
      throw new ApiError(400, code, message, attempts);
    }
    return kind;
  }

  return handlers({
    "GET /backends": async () => reply("GET /backends", 200, await registry.list()),
    "POST /backends": async ({ body }) => {
      const kind = body.kind ?? (await recognise(body.url, body.token ?? null));
      const backend = await registry.connect({ ...body, kind });
      await follower.now(backend.id);
      return reply("POST /backends", 201, await registry.view(backend.id));
    },
    "POST /backends/probe": async ({ body }) =>
      reply("POST /backends/probe", 200, await probe(body.url, body.token ?? null)),
    "GET /backends/{backend_id}": async ({ params }) =>
      reply("GET /backends/{backend_id}", 200, await registry.view(params.backend_id)),
    "PATCH /backends/{backend_id}": async ({ params, body }) => {
      await registry.patch(params.backend_id, body);
      if ([body.url, body.token, body.paused].some((given) => given !== undefined))
        await sessions.detachBackend(params.backend_id);
      if (body.paused !== true) await follower.now(params.backend_id);
      return reply("PATCH /backends/{backend_id}", 200, await registry.view(params.backend_id));
    },
    "DELETE /backends/{backend_id}": async ({ params }) => {
      await registry.remove(params.backend_id);
      await leaveBackend(services, params.backend_id);
      return reply("DELETE /backends/{backend_id}", 204);
    },
    "POST /backends/{backend_id}/check": async ({ params }) => {
      await follower.now(params.backend_id);
      return reply("POST /backends/{backend_id}/check", 200, await registry.check(params.backend_id));
    },
  });
}
