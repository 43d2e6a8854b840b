import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import type { Hono } from "hono";
import { compress } from "hono/compress";
import type { AppEnv } from "./env.ts";

const YEAR = "public, max-age=31536000, immutable";

/**
 * Serves the built page from `folder`: hashed assets for good, everything else revalidated, and `index.html` for every
 * path that is a view of the page. Without a build it says so instead of showing nothing.
 */
export function servePage(app: Hono<AppEnv>, folder: string): void {
  app.use("*", compress());
  app.use(
    "*",
    serveStatic({
      root: folder,
      onFound: (path, context) => {
        context.header("cache-control", path.includes("/assets/") ? YEAR : "no-cache");
      },
    }),
  );
  app.get("*", async (context) => {
    const index = join(folder, "index.html");
    if (/\.[a-z0-9]+$/i.test(context.req.path)) return context.text("There is no such file.", 404);
    if (!existsSync(index)) return context.text("The page is not built. Run: npm run build", 503);
    return context.html(await readFile(index, "utf8"), 200, { "cache-control": "no-cache" });
  });
}
