import { constants } from "node:fs";
import { access, chmod, copyFile, mkdir, readFile, rename } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { BackendError } from "#src/backends/backend-error.ts";

export type AgentServerBinary = { path: string; version: string | null };

const SUPPORTED = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"];

/**
 * Finds the native sandbox-agent program: `override` (or `SANDBAR_SANDBOX_AGENT`), else the npm package of this
 * platform. npm installs it without the executable bit when install scripts are off, so the bit is set here, or on
 * a copy under `cacheDir` when the package belongs to someone else.
 *
 * @throws BackendError `unsupported` with what to do when there is none.
 */
export async function resolveBinary(
  cacheDir: string,
  override = process.env.SANDBAR_SANDBOX_AGENT,
): Promise<AgentServerBinary> {
  if (override) {
    if (await isExecutable(override)) return { path: override, version: null };
    throw new BackendError(
      "unsupported",
      `The sandbox-agent program ${override} is missing or not executable.`,
    );
  }
  const found = await findPackage(`${process.platform}-${process.arch}`);
  return { path: await makeExecutable(found, cacheDir), version: found.version };
}

type FoundPackage = { path: string; version: string };

async function findPackage(platform: string): Promise<FoundPackage> {
  if (!SUPPORTED.includes(platform)) {
    throw new BackendError("unsupported", `Local sandboxes run on Linux and macOS, not on ${platform}.`);
  }
  const name = `@sandbox-agent/cli-${platform}`;
  try {
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
    const { version }: { version: string } = JSON.parse(await readFile(manifest, "utf8"));
    return { path: path.join(path.dirname(manifest), "bin", "sandbox-agent"), version };
  } catch (cause) {
    throw new BackendError("unsupported", `The package ${name} is missing: run npm ci in Sandbar's folder.`, {
      cause,
    });
  }
}

async function makeExecutable(found: FoundPackage, cacheDir: string): Promise<string> {
  if (await isExecutable(found.path)) return found.path;
  try {
    await chmod(found.path, 0o755);
    return found.path;
  } catch {
    // Someone else's or a read-only install: run a copy of our own.
    const copy = path.join(cacheDir, `sandbox-agent-${found.version}`);
    if (!(await isExecutable(copy))) await copyExecutable(found.path, copy);
    return copy;
  }
}

/** Through a rename, so that a half-written program is never run. */
async function copyExecutable(from: string, to: string): Promise<void> {
  const unfinished = `${to}.${process.pid}`;
  await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, unfinished);
  await chmod(unfinished, 0o755);
  await rename(unfinished, to);
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
