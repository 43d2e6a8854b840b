import type { Context } from "hono";
import type { AppEnv } from "../../http/env.ts";
import type { Services } from "../../routes/services.ts";
import { files, type Place } from "./files.ts";
import { invalidRequest } from "./problems.ts";
import { readBody, readQuery } from "./request.ts";
import type { Routes } from "./routes.ts";
import { runningSandbox, type Scope } from "./scope.ts";
import { scopedSession } from "./sessions.ts";
import { FileQuery, Move } from "./wire.ts";

/** `/fs/*` (spec 2). */
export function fileRoutes(services: Services): Routes {
  /** The folder of the named session's sandbox, or of the one that is used now. */
  async function placeOf(scope: Scope, { sessionId, session_id }: FileQuery): Promise<Place> {
    const named = sessionId ?? session_id;
    const session = named === undefined ? null : await scopedSession(services, scope, named);
    const sandbox = session
      ? await services.fleet.read(session.sandbox_id)
      : await runningSandbox(services, scope);
    const root = sandbox?.directory;
    if (!root) throw invalidRequest("no sandbox runs; name a session");
    return { root, from: session?.directory ?? root };
  }

  async function target(context: Context<AppEnv>, scope: Scope): Promise<[Place, string, FileQuery]> {
    const query = readQuery(context, FileQuery);
    if (query.path === undefined) throw invalidRequest("path: missing");
    return [await placeOf(scope, query), query.path, query];
  }

  return {
    "GET /fs/entries": async (context, scope) => {
      const query = readQuery(context, FileQuery);
      return context.json(await files.entries(await placeOf(scope, query), query.path ?? "."));
    },
    "GET /fs/file": async (context, scope) => {
      const [place, path] = await target(context, scope);
      const bytes = await files.read(place, path);
      // A copy: the body takes a buffer of its own.
      return context.body(new Uint8Array(bytes), 200, { "content-type": "application/octet-stream" });
    },
    "PUT /fs/file": async (context, scope) => {
      const [place, path] = await target(context, scope);
      const bytes = new Uint8Array(await context.req.arrayBuffer());
      return context.json(await files.write(place, path, bytes));
    },
    "DELETE /fs/entry": async (context, scope) => {
      const [place, path, { recursive }] = await target(context, scope);
      return context.json(await files.remove(place, path, recursive ?? false));
    },
    "POST /fs/mkdir": async (context, scope) => {
      const [place, path] = await target(context, scope);
      return context.json(await files.mkdir(place, path));
    },
    "POST /fs/move": async (context, scope) => {
      const place = await placeOf(scope, readQuery(context, FileQuery));
      const { from, to, overwrite } = await readBody(context, Move);
      return context.json(await files.move(place, from, to, overwrite ?? false));
    },
    "GET /fs/stat": async (context, scope) => {
      const [place, path] = await target(context, scope);
      return context.json(await files.stat(place, path));
    },
    "POST /fs/upload-batch": async (context, scope) => {
      if (!context.req.header("content-type")?.startsWith("application/x-tar"))
        throw invalidRequest("content-type must be application/x-tar");
      const query = readQuery(context, FileQuery);
      const archive = new Uint8Array(await context.req.arrayBuffer());
      return context.json(await files.unpack(await placeOf(scope, query), query.path ?? ".", archive));
    },
  };
}
