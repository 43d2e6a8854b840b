// Proves that no server code is in the page: neither the server's marker nor a Node built-in may occur under dist/web.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./tools.mjs";

const marker = "sandbar-server-only";
const web = join(root, "dist/web");

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

const server = readFileSync(join(root, "dist/server/main.js"), "utf8");
if (!server.includes(marker))
  fail(`The server's bundle does not hold "${marker}", so this check proves nothing.`);

const scripts = filesBelow(web).filter((file) => /\.(js|html)$/.test(file));
if (scripts.length === 0) fail("dist/web holds no script.");
const leaks = scripts.filter((file) => {
  const text = readFileSync(file, "utf8");
  return text.includes(marker) || text.includes("__vite-browser-external");
});
if (leaks.length > 0) fail(`Server code is in the page's bundle:\n${leaks.join("\n")}`);
