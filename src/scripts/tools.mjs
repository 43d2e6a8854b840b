// Shared by the scripts. Plain JavaScript, built-ins only: these run before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Ends with one sentence and no stack: for what a person can mend. */
export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Runs a command in the repository; its exit code is the result. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) fail(`${command} could not be started: ${result.error.message}`);
  return result.status ?? 1;
}

/** Runs a package's program from node_modules. */
export function runBin(name, args, options = {}) {
  return run(join(root, "node_modules/.bin", name), args, options);
}

export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Sandbar needs Node 20.19 or newer; this is ${process.versions.node}.`);
  }
}

/** Installs what package-lock.json names, when that has not been done for this very lockfile. */
export function ensureInstalled() {
  const hash = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules/.cache/sandbar-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  process.stderr.write("Installing packages…\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  if (run(npm, ["ci", "--loglevel=error"], { stdio: ["ignore", "ignore", "inherit"] }) !== 0) {
    fail("npm ci failed; its message stands above.");
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

const sources = ["src", "public", "index.html", "vite.config.ts", "package.json", "package-lock.json"];

function newestChange(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

/** Builds the page and the server when a source is newer than the last build. */
export function ensureBuilt() {
  const stamp = join(root, "dist/.built");
  const newest = Math.max(...sources.map((name) => newestChange(join(root, name))));
  if (existsSync(stamp) && statSync(stamp).mtimeMs >= newest) return;
  process.stderr.write("Building…\n");
  if (build() !== 0) fail("The build failed; its message stands above.");
}

export function build() {
  const code = runBin("vite", ["build", "--app", "--logLevel", "warn"]);
  if (code !== 0) return code;
  const checked = run(process.execPath, [join(root, "src/scripts/check-bundle.mjs")]);
  if (checked === 0) writeFileSync(join(root, "dist/.built"), "");
  return checked;
}

/** What a test runner wrote; null when it did not get that far. */
export function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}
