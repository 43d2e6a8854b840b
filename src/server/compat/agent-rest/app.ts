import { Hono } from "hono";
import { authenticate, checkOrigin, limitBody } from "../../auth/middleware.ts";
import type { AppEnv } from "../../http/env.ts";
import type { Services } from "../../routes/services.ts";
import { agentRoutes } from "./agent-routes.ts";
import { fileRoutes } from "./file-routes.ts";
import { problemHandler } from "./problems.ts";
import type { Routes } from "./routes.ts";
import { scopeOf } from "./scope.ts";
import { sessionRoutes } from "./session-routes.ts";

/**
 * Sandbox Agent's REST API of 0.1 (spec 2): at `/v1` over all of this machine's sandboxes, at `/sandboxes/{name}/v1`
 * over one.
 */
export function agentRestApi(
  services: Services,
  { max_body_bytes }: { max_body_bytes: number },
): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  app.onError(problemHandler(services));
  app.get("/health", (context) => context.json({ status: "ok" }));
  app.use("*", limitBody(max_body_bytes));
  app.use("*", checkOrigin());
  app.use("*", authenticate(services.auth));

  const routes: Routes = { ...agentRoutes(services), ...sessionRoutes(services), ...fileRoutes(services) };
  const methods = new Map<string, string[]>([["/health", ["GET"]]]);
  for (const [key, handler] of Object.entries(routes)) {
    const [method = "", path = ""] = key.split(" ");
    app.on(method, path, async (context) => handler(context, await scopeOf(services, context)));
    methods.set(path, [...(methods.get(path) ?? []), method]);
  }
  for (const [path, allowed] of methods) {
    app.all(path, (context) => context.body(null, 405, { allow: allowed.join(",") }));
  }
  app.all("*", (context) => context.text("404 Not Found\n\nThis is Sandbar. See docs/backends.md.\n", 404));
  return app;
}
