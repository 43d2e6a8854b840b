import { Hono } from "hono";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/env.ts";
import type { Services } from "../../routes/services.ts";
import { readJson } from "../read-json.ts";
import { CreateApiKey } from "./wire.ts";

/** API keys, which are Sandbar's access tokens, and lists of what Sandbar has none of (spec 1.8 to 1.11). */
export function accountRoutes({ auth }: Services): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  app.get("/api-keys", async (context) => {
    const data = (await auth.listTokens()).map(keyView);
    return context.json({ data, pageInfo: { after: null, hasNextPage: false } });
  });
  app.post("/api-keys", async (context) => {
    const { name } = await readJson(context, CreateApiKey);
    const made = await auth.createToken(name);
    return context.json({ ...keyView(made), value: made.token }, 201);
  });
  app.delete("/api-keys/:id", async (context) => {
    if (await auth.revokeToken(context.req.param("id"))) return context.body(null, 204);
    throw new ApiError(404, "not_found", "There is no such API key.");
  });

  app.get("/git-user-settings", (context) =>
    context.json({ configured: false, suggestion: { name: null, email: null } }),
  );
  for (const list of ["/repositories", "/docker-registries", "/integrations/credentials", "/hosts"]) {
    app.get(list, (context) => context.json([]));
  }
  for (const list of [
    "/sandbox-snapshots",
    "/rig-snapshots",
    "/sandbox-services",
    "/rig-services",
    "/sandbox-bindings",
  ]) {
    app.get(list, (context) => context.json({ items: [] }));
  }
  return app;
}

type Key = { id: string; name: string; prefix: string; created_at: string; last_used_at: string | null };

/** This API's one object in camelCase (spec 0, casing). */
function keyView({ id, name, prefix, created_at, last_used_at }: Key) {
  return {
    id,
    name,
    obfuscatedValue: `${prefix}…`,
    lastUsedAt: last_used_at,
    createdAt: created_at,
    updatedAt: created_at,
  };
}
