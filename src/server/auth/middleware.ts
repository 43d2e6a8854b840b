import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { ApiError } from "../errors.ts";
import type { AppEnv } from "../http/env.ts";
import { type Auth, readToken } from "./auth.ts";
import { type HostRule, isKnownHost } from "./host.ts";
import { isOwnOrigin } from "./origin.ts";

/** Lets only those in whom `auth` knows, and tells the handlers who it is. */
export function authenticate(auth: Auth): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const identity = await auth.identify(context);
    if (!identity) {
      throw new ApiError(
        401,
        "unauthorized",
        "Open the sign-in link that the server printed (npm run link makes a new one), or send an access token.",
        undefined,
        { "www-authenticate": "Bearer" },
      );
    }
    context.set("actor", identity.actor);
    context.set("credential_id", identity.credential_id);
    await next();
  };
}

/** Answers only to names the server goes by (DNS rebinding). */
export function checkHost(rule: HostRule): MiddlewareHandler<AppEnv> {
  return async ({ req }, next) => {
    const host = req.header("host");
    if (!isKnownHost(host, rule)) {
      const name = JSON.stringify(host ?? "");
      throw new ApiError(
        403,
        "host_forbidden",
        `This server does not go by the name ${name}. If it should, start it with --allow-host.`,
      );
    }
    await next();
  };
}

/** Lets other sites neither change anything nor open streams through a signed-in browser (CSRF). */
export function checkOrigin(): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const { req } = context;
    const own = isOwnOrigin({
      method: req.method,
      is_stream: req.path.endsWith("/stream"),
      has_token: readToken(context) !== null,
      host: req.header("host"),
      origin: req.header("origin"),
      sec_fetch_site: req.header("sec-fetch-site"),
    });
    if (!own) {
      throw new ApiError(
        403,
        "origin_forbidden",
        "Only Sandbar's own page may do this with a browser's sign-in. Programs send an access token.",
      );
    }
    await next();
  };
}

const headers: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; "),
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** What every response says: run no foreign code, load nothing from elsewhere, appear in no frame (design §6). */
export function securityHeaders(): MiddlewareHandler {
  return async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) context.header(name, value);
  };
}

/** Refuses bodies over `max_bytes`, however they are sent. */
export function limitBody(max_bytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: max_bytes,
    onError: () => {
      const megabytes = Math.floor(max_bytes / 1024 / 1024);
      throw new ApiError(413, "body_too_large", `A request's body may have ${megabytes} MB at most.`, {
        max_bytes,
      });
    },
  });
}
