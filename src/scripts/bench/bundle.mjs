// Bundles what the benchmark runs besides the product: small programs made of the product's own modules.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import { root } from "../tools.mjs";

const outDir = join(root, "node_modules/.cache/bench");

/** A module for Node; gives the path of its bundle. */
export async function bundleForNode(entry) {
  const name = entry.replaceAll(/\W/g, "-");
  mkdirSync(outDir, { recursive: true });
  await build({
    configFile: false,
    root,
    logLevel: "error",
    build: {
      ssr: join(root, entry),
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      target: "node20",
      rolldownOptions: { output: { entryFileNames: `${name}.mjs` } },
    },
  });
  return join(outDir, `${name}.mjs`);
}

/** The exports of a module of the product. */
export async function importBundled(entry) {
  return import(pathToFileURL(await bundleForNode(entry)).href);
}

/** A script for a page; gives its text. */
export async function bundleForPage(entry) {
  const name = entry.replaceAll(/\W/g, "-");
  await build({
    configFile: false,
    root,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      lib: { entry: join(root, entry), formats: ["es"], fileName: name },
    },
  });
  return readFileSync(join(outDir, `${name}.js`), "utf8");
}
