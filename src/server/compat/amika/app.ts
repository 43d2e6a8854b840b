import { Hono } from "hono";
import { authenticate, checkOrigin, limitBody } from "../../auth/middleware.ts";
import { ApiError } from "../../errors.ts";
import type { AppEnv } from "../../http/env.ts";
import type { Services } from "../../routes/services.ts";
import { accountRoutes } from "./account.ts";
import { chatRoutes } from "./chats.ts";
import { amikaErrorHandler } from "./errors.ts";
import { sandboxRoutes } from "./sandboxes.ts";
import { secretRoutes } from "./secrets.ts";
import { sessionRoutes } from "./sessions.ts";

/** Amika's API over this machine's sandboxes and Sandbar's vault, for its SDK and CLI unchanged (spec 0 to 3). */
export function amikaApi(services: Services, { max_body_bytes }: { max_body_bytes: number }): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError(amikaErrorHandler(services));
  app.use("*", limitBody(max_body_bytes));
  app.use("*", checkOrigin());
  app.use("*", authenticate(services.auth));
  // `rigs` is the newer name of `sandboxes` (spec 1.12).
  for (const base of ["/sandboxes", "/rigs"]) {
    app.route(base, sandboxRoutes(services));
    app.route(base, sessionRoutes(services));
  }
  app.route("/agent-sessions", chatRoutes(services));
  app.route("/secrets", secretRoutes(services));
  app.route("/", accountRoutes(services));
  app.all("*", ({ req }) => {
    throw new ApiError(404, "not_found", `Sandbar's Amika API has no ${req.method} ${req.path}.`);
  });
  return app;
}
