// How much JavaScript a view loads, from Vite's manifest: an entry's static imports, gzip as a server would send them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "./tools.mjs";

const web = join(root, "dist/web");

function closure(manifest, key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key]?.imports ?? []) closure(manifest, next, seen);
  return seen;
}

const gzipBytes = (file) => gzipSync(readFileSync(join(web, file)), { level: 6 }).length;

/** Gzip bytes of the scripts that the page loads before it shows the view of `route`; without one, the first view. */
export function scriptBytes(route) {
  const manifest = JSON.parse(readFileSync(join(web, ".vite/manifest.json"), "utf8"));
  const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
  if (!entry) throw new Error("the manifest has no entry");
  const keys = closure(manifest, entry);
  if (route) {
    if (!manifest[route]) throw new Error(`the manifest has no chunk for ${route}`);
    closure(manifest, route, keys);
  }
  return [...keys].reduce((total, key) => total + gzipBytes(manifest[key].file), 0);
}
