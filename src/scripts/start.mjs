// `npm start`: installs and builds what is missing, then becomes the server.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ensureBuilt, ensureInstalled, requireNode, root } from "./tools.mjs";

requireNode();
ensureInstalled();
ensureBuilt();
await import(pathToFileURL(join(root, "dist/server/main.js")).href);
