import { handlers, reply } from "../http/mount.ts";
import type { Services } from "./services.ts";

export function secretHandlers({ secrets }: Services) {
  return handlers({
    "GET /secrets": async ({ query }) => reply("GET /secrets", 200, await secrets.list(query.backend)),
    "POST /secrets": async ({ body }) => reply("POST /secrets", 201, await secrets.create(body)),
    "PUT /secrets/{secret_id}": async ({ params, body }) =>
      reply("PUT /secrets/{secret_id}", 200, await secrets.update(params.secret_id, body)),
    "DELETE /secrets/{secret_id}": async ({ params }) => {
      await secrets.remove(params.secret_id);
      return reply("DELETE /secrets/{secret_id}", 204);
    },
    "GET /secrets/{provider}": async ({ params }) =>
      reply("GET /secrets/{provider}", 200, await secrets.listCredentials(params.provider)),
    "POST /secrets/{provider}": async ({ params, body }) =>
      reply("POST /secrets/{provider}", 201, await secrets.createCredential(params.provider, body)),
    "DELETE /secrets/{provider}/{secret_id}": async ({ params }) => {
      await secrets.removeCredential(params.provider, params.secret_id);
      return reply("DELETE /secrets/{provider}/{secret_id}", 204);
    },
  });
}
