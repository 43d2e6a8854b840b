import { Hono } from "hono";
import type { ProviderCredential, Secret } from "#src/domain/secret.ts";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/env.ts";
import type { Services } from "../../routes/services.ts";
import { listCredentials, listSecrets } from "../../store/secrets.ts";
import { readJson } from "../read-json.ts";
import { ORG_ID, USER_ID } from "./sandbox-view.ts";
import { CreateCredential, CreateSecret, UpdateSecret } from "./wire.ts";

/** Names under `/secrets` that are no provider's: resources of other shapes, which Sandbar has not. */
const NOT_PROVIDERS = ["opencode", "ssh-public-keys"];

/** Secrets and provider credentials of Sandbar's vault (spec 1.6, 1.7). Any provider may be named. */
export function secretRoutes({ secrets, store }: Services): Hono<AppEnv> {
  const app = new Hono<AppEnv>();

  const refuseReveal = () => {
    throw new ApiError(403, "forbidden", "Sandbar never gives a secret's value back; replace it instead.");
  };

  app.get("/", async (context) => {
    const kept = await listSecrets(store.db, { backend_id: null });
    return context.json(kept.map(summary));
  });
  app.post("/", async (context) => {
    const made = await secrets.create(await readJson(context, CreateSecret));
    return context.json(summary(made), 201);
  });
  app.put("/:id", async (context) => {
    const change = await readJson(context, UpdateSecret);
    return context.json(summary(await secrets.update(context.req.param("id"), change)));
  });
  app.delete("/:id", async (context) => {
    await secrets.remove(context.req.param("id"));
    return context.body(null, 204);
  });
  app.post("/:id/reveal", refuseReveal);
  app.post("/:provider/:id/reveal", refuseReveal);

  for (const name of NOT_PROVIDERS) {
    app.all(`/${name}/*`, () => {
      throw new ApiError(404, "not_found", `Sandbar's Amika API has no secrets/${name}.`);
    });
  }
  app.get("/:provider", async (context) => {
    const kept = await listCredentials(store.db, context.req.param("provider"));
    return context.json(kept.map(({ id, name, type, scope }) => ({ id, name, type, scope })));
  });
  app.post("/:provider", async (context) => {
    const wanted = await readJson(context, CreateCredential);
    const made = await secrets.createCredential(context.req.param("provider"), wanted);
    return context.json(summary({ ...made, description: null }), 201);
  });
  app.delete("/:provider/:id", async (context) => {
    await secrets.removeCredential(context.req.param("provider"), context.req.param("id"));
    return context.body(null, 204);
  });

  return app;
}

type Summarised =
  | Pick<Secret, "id" | "name" | "description" | "scope" | "created_at" | "updated_at">
  | (ProviderCredential & { description: null });

function summary({ id, name, description, scope, created_at, updated_at }: Summarised) {
  return { id, org_id: ORG_ID, user_id: USER_ID, name, description, scope, created_at, updated_at };
}
