// `npm run dev`: the page from Vite with hot reload, the server rebuilt and restarted on change, one origin.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createBuilder, createServer } from "vite";
import { ensureBuilt, ensureInstalled, requireNode, root } from "./tools.mjs";

requireNode();
ensureInstalled();
ensureBuilt();

const port = process.env.SANDBAR_PORT ?? "4270";
let server = null;
let ending = false;

function restart() {
  if (ending) return;
  if (server) {
    server.once("exit", start);
    server.kill("SIGTERM");
  } else {
    start();
  }
}

function start() {
  server = spawn(process.execPath, [join(root, "dist/server/main.js"), ...process.argv.slice(2)], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, SANDBAR_PORT: port, SANDBAR_PAGE_ORIGIN: "http://127.0.0.1:5173" },
  });
  server.once("exit", () => {
    server = null;
  });
}

const builder = await createBuilder({ root, logLevel: "warn", build: { watch: {} } });
const watcher = await builder.build(builder.environments.server);
watcher.on("event", (event) => {
  if (event.code === "BUNDLE_END") restart();
  if (event.code === "ERROR") process.stderr.write(`${event.error.message}\n`);
});
const page = await createServer({ root, server: { host: "127.0.0.1" } });
await page.listen();
page.printUrls();

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, async () => {
    ending = true;
    server?.kill("SIGTERM");
    await watcher.close();
    await page.close();
    process.exit(0);
  });
}
