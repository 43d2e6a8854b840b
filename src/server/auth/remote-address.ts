import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/** Where a request comes from. */
export function remoteAddress(context: Context): string {
  // @hono/node-server puts its bindings there; a request made in a test has none.
  const bindings = context.env as Partial<HttpBindings> | undefined;
  return bindings?.incoming?.socket.remoteAddress ?? "unknown";
}
