import type * as z from "zod";
import { backendRoutes } from "./backends.ts";
import { credentialRoutes } from "./credentials.ts";
import type { ParamsOf, RouteSpec } from "./route.ts";
import { sandboxRoutes } from "./sandboxes.ts";
import { secretRoutes } from "./secrets.ts";
import { sessionRoutes } from "./sessions.ts";
import { streamRoutes } from "./stream.ts";
import { systemRoutes } from "./system.ts";
import { transcriptRoutes } from "./transcript.ts";

export const API_BASE = "/api/v1";

/** The whole API: the server mounts it, OpenAPI is generated from it, the page's calls are typed by it. */
export const routes = {
  ...systemRoutes,
  ...backendRoutes,
  ...sandboxRoutes,
  ...sessionRoutes,
  ...transcriptRoutes,
  ...secretRoutes,
  ...credentialRoutes,
  ...streamRoutes,
};

export type Routes = typeof routes;
export type RouteKey = keyof Routes;

type Schema<T> = T extends z.ZodType ? T : never;

export type Params<K extends RouteKey> = ParamsOf<K>;
export type QueryIn<K extends RouteKey> = Routes[K] extends { query: infer Q }
  ? z.input<Schema<Q>>
  : undefined;
export type QueryOut<K extends RouteKey> = Routes[K] extends { query: infer Q }
  ? z.output<Schema<Q>>
  : undefined;
export type BodyIn<K extends RouteKey> = Routes[K] extends { body: infer B } ? z.input<Schema<B>> : undefined;
export type BodyOut<K extends RouteKey> = Routes[K] extends { body: infer B }
  ? z.output<Schema<B>>
  : undefined;

type Responses<K extends RouteKey> = Routes[K]["responses"];
/** What a call gives: the body of any of its statuses, `undefined` for an empty one. */
export type ResponseOf<K extends RouteKey> = {
  [S in keyof Responses<K>]: Responses<K>[S] extends z.ZodType ? z.output<Responses<K>[S]> : undefined;
}[keyof Responses<K>];

/** The spec of a route, with its literal type forgotten. */
export function routeSpec(key: RouteKey): RouteSpec {
  return routes[key];
}
