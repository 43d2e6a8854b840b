import { Hono } from "hono";
import { checkHost, checkOrigin, authenticate, limitBody, securityHeaders } from "./auth/middleware.ts";
import { ApiError, toErrorResponse } from "./errors.ts";
import { API_BASE } from "#src/contract/routes.ts";
import { agentRestApi } from "./compat/agent-rest/app.ts";
import { amikaApi } from "./compat/amika/app.ts";
import { rawRoutes } from "./compat/sessions/raw-routes.ts";
import { answerOnce } from "./http/answer-once.ts";
import { docsPage } from "./http/docs-page.ts";
import type { AppEnv } from "./http/env.ts";
import { mountRoutes } from "./http/mount.ts";
import { openApiDocument } from "./http/openapi.ts";
import { servePage } from "./http/static.ts";
import { backendHandlers } from "./routes/backends.ts";
import { credentialHandlers } from "./routes/credentials.ts";
import { requestHandlers } from "./routes/requests.ts";
import { sandboxHandlers } from "./routes/sandboxes.ts";
import { secretHandlers } from "./routes/secrets.ts";
import type { Services } from "./routes/services.ts";
import { sessionHandlers } from "./routes/sessions.ts";
import { streamHandlers } from "./routes/streams.ts";
import { systemHandlers } from "./routes/system.ts";
import { transcriptHandlers } from "./routes/transcript.ts";

/** Proves in the page's bundle check that none of this is there. */
export const SERVER_MARKER = "sandbar-server-only";

/** Room for the largest attachment a backend takes, as base64 in a message. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

const open = new Set([`${API_BASE}/sign-in`, `${API_BASE}/openapi.json`, `${API_BASE}/docs`]);

/** The whole HTTP side: `createApp(services).request("/api/v1/…")` is how tests call it. */
export function createApp(services: Services, options: { pageFolder: string | null }): Hono<AppEnv> {
  const { auth, hub, logger, newId, version } = services;
  const app = new Hono<AppEnv>();

  app.onError((error, context) => {
    const request_id = newId();
    const answer = toErrorResponse(error, request_id);
    if (!answer.expected) {
      logger.error(
        { error, request_id, method: context.req.method, path: context.req.path },
        "a call failed",
      );
    }
    return new Response(JSON.stringify(answer.body), {
      status: answer.status,
      headers: { ...answer.headers, "content-type": "application/json", "cache-control": "no-store" },
    });
  });

  app.use("*", securityHeaders());
  app.use("*", checkHost({ bound: services.config.host, allowed: services.config.allow_hosts }));
  app.get("/health", (context) => context.json({ status: "ok", marker: SERVER_MARKER, version }));
  app.get("/ready", (context) => {
    const health = hub.health();
    return context.json(
      { status: health.ok ? "ready" : "failing", message: health.ok ? null : health.message },
      health.ok ? 200 : 503,
    );
  });

  const api = new Hono<AppEnv>();
  const signedIn = authenticate(auth);
  api.use("*", limitBody(MAX_BODY_BYTES));
  api.use("*", checkOrigin());
  api.use("*", (context, next) => (open.has(context.req.path) ? next() : signedIn(context, next)));
  api.use("*", answerOnce());
  api.get("/openapi.json", (context) => context.json(openApiDocument(version) as Record<string, unknown>));
  api.get("/docs", (context) => context.html(docsPage(version)));
  api.route("/", rawRoutes(services));
  mountRoutes(api, {
    ...systemHandlers(services),
    ...backendHandlers(services),
    ...sandboxHandlers(services),
    ...sessionHandlers(services),
    ...transcriptHandlers(services),
    ...requestHandlers(services),
    ...secretHandlers(services),
    ...credentialHandlers(services),
    ...streamHandlers(services),
  });
  api.all("*", (context) => {
    throw new ApiError(
      404,
      "not_found",
      `The API has no ${context.req.method} ${context.req.path}. See ${API_BASE}/docs.`,
    );
  });
  app.route(API_BASE, api);
  app.route("/api/v0beta1", amikaApi(services, { max_body_bytes: MAX_BODY_BYTES }));
  const agentRest = agentRestApi(services, { max_body_bytes: MAX_BODY_BYTES });
  app.route("/v1", agentRest);
  app.route("/sandboxes/:sandbox/v1", agentRest);
  app.all("/api/*", (context) => {
    throw new ApiError(404, "not_found", `There is no ${context.req.path} here. See ${API_BASE}/docs.`);
  });
  if (options.pageFolder) servePage(app, options.pageFolder);
  return app;
}
