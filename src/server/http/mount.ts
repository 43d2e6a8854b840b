import type { Context, Hono } from "hono";
import type { Actor } from "#src/domain/request.ts";
import type { RouteSpec } from "#src/contract/route.ts";
import {
  type BodyOut,
  type Params,
  type QueryOut,
  type RouteKey,
  type Routes,
  routes,
  routeSpec,
} from "#src/contract/routes.ts";
import { ApiError } from "../errors.ts";
import type { AppEnv } from "./env.ts";

/** What a handler gets: everything already parsed by the route's schemas. */
export type Input<K extends RouteKey> = {
  params: Params<K>;
  query: QueryOut<K>;
  body: BodyOut<K>;
  actor: Actor;
  /** Ends when the caller goes away. */
  signal: AbortSignal;
  header: (name: string) => string | undefined;
  context: Context<AppEnv>;
};

type Responses<K extends RouteKey> = Routes[K]["responses"];
type StatusOf<K extends RouteKey> = keyof Responses<K> & number;

/** What a handler gives back: one of the route's statuses with its body, or a whole Response for a stream. */
export type Output = { status: number; body: unknown; headers?: Record<string, string> } | Response;

export type Handler<K extends RouteKey> = (input: Input<K>) => Promise<Output> | Output;

/** Handlers for some of the routes. All of them together must cover the contract; `mountRoutes` checks that by type. */
export type Handlers<K extends RouteKey = RouteKey> = { [P in K]: Handler<P> };

/** Declares the handlers of one resource, each typed by its own route. */
export function handlers<const K extends RouteKey>(table: Handlers<K>): Handlers<K> {
  return table;
}

/** Answers with a status of the route `K` and its body. */
export function reply<K extends RouteKey>(_route: K, status: StatusOf<K>, body?: unknown): Output {
  return { status, body };
}

/** `GET /sandboxes/{id}` → its method and hono's path. */
function parseKey(key: string): { method: string; path: string } {
  const space = key.indexOf(" ");
  return { method: key.slice(0, space), path: key.slice(space + 1).replaceAll(/\{(\w+)\}/g, ":$1") };
}

/** Mounts every route of the contract: bodies, queries and responses are checked against it. */
export function mountRoutes(app: Hono<AppEnv>, table: Handlers): void {
  for (const key of Object.keys(routes) as RouteKey[]) {
    const { method, path } = parseKey(key);
    // The table is typed per key; inside this loop the key is any of them, so the handler takes the union.
    const handler: Handler<RouteKey> = table[key];
    const spec = routeSpec(key);
    app.on(method, path, async (context) => {
      const output = await handler({
        params: context.req.param() as Params<RouteKey>,
        query: parseQuery(spec, context) as QueryOut<RouteKey>,
        body: (await parseBody(spec, context)) as BodyOut<RouteKey>,
        actor: context.get("actor"),
        signal: context.req.raw.signal,
        header: (name) => context.req.header(name),
        context,
      });
      return output instanceof Response ? output : respond(key, spec, output);
    });
  }
}

function parseQuery(spec: RouteSpec, context: Context): unknown {
  return spec.query?.parse(context.req.query());
}

async function parseBody(spec: RouteSpec, context: Context): Promise<unknown> {
  if (!spec.body) return undefined;
  const text = await context.req.text();
  if (text.trim() === "") {
    if (spec.bodyOptional) return spec.body.parse({});
    throw new ApiError(400, "invalid_json", "This call needs a JSON body.");
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ApiError(400, "invalid_json", `The body is not JSON: ${String(error)}`);
  }
  return spec.body.parse(value);
}

/** Checks the body against the contract, so nothing that the contract does not name can leave the server. */
function respond(key: RouteKey, spec: RouteSpec, output: Exclude<Output, Response>): Response {
  const schema = spec.responses[output.status];
  if (schema === undefined && !(output.status in spec.responses)) {
    throw new Error(`${key} answered with the undeclared status ${output.status}`);
  }
  const headers = new Headers(output.headers);
  if (!schema) return new Response(null, { status: output.status, headers });
  const parsed = schema.safeParse(output.body);
  if (!parsed.success) throw new Error(`${key} broke its contract: ${parsed.error.message}`);
  headers.set("content-type", "application/json");
  headers.set("cache-control", "no-store");
  return new Response(JSON.stringify(parsed.data), { status: output.status, headers });
}
