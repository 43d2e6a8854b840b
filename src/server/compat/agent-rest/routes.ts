import type { Context } from "hono";
import type { AppEnv } from "../../http/env.ts";
import type { Scope } from "./scope.ts";

export type RouteHandler = (context: Context<AppEnv>, scope: Scope) => Promise<Response> | Response;

/** Handlers by `METHOD /path`. */
export type Routes = Record<`${"GET" | "POST" | "PUT" | "DELETE"} /${string}`, RouteHandler>;

/** A path parameter of the route; the router fills in every one that the path names. */
export function param(context: Context<AppEnv>, name: string): string {
  return context.req.param(name) ?? "";
}
