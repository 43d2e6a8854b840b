import { handlers, reply } from "../http/mount.ts";
import { ApiError } from "../errors.ts";
import type { Services } from "./services.ts";

export function systemHandlers({
  auth,
  hub,
  config,
  version,
  agent_server_version,
  started_at,
  origin,
}: Services) {
  const tokensChanged = () =>
    hub.append([
      { sandbox_id: null, session_id: null, event: { event_type: "list_changed", data: { list: "tokens" } } },
    ]);

  return handlers({
    "GET /me": ({ actor }) =>
      reply("GET /me", 200, {
        name: actor.name,
        version,
        data_dir: config.data_dir,
        agent_server_version,
        node_version: process.versions.node,
        started_at,
        demo_agent: "mock",
      }),
    "POST /sign-in": async ({ body, context }) => {
      const cookie = await auth.signIn(body.code, context);
      if (!cookie) {
        throw new ApiError(
          401,
          "code_invalid",
          "This sign-in link is wrong, was used, or is too old. Make a new one with: npm run link",
        );
      }
      return new Response(null, { status: 204, headers: { "set-cookie": cookie } });
    },
    "POST /sign-in-links": () => {
      const { code, expires_at } = auth.newCode();
      return reply("POST /sign-in-links", 201, { link: `${origin()}/sign-in#${code}`, expires_at });
    },
    "POST /sign-out": async ({ context }) =>
      new Response(null, { status: 204, headers: { "set-cookie": await auth.signOut(context) } }),
    "GET /tokens": async () => reply("GET /tokens", 200, await auth.listTokens()),
    "POST /tokens": async ({ body }) => {
      const made = await auth.createToken(body.name);
      await tokensChanged();
      return reply("POST /tokens", 201, made);
    },
    "DELETE /tokens/{token_id}": async ({ params }) => {
      if (!(await auth.revokeToken(params.token_id)))
        throw new ApiError(404, "token_not_found", "There is no such token.");
      await tokensChanged();
      return reply("DELETE /tokens/{token_id}", 204);
    },
  });
}
