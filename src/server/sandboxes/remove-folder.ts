import { chmod, mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { sandboxesFolder } from "./layout.ts";
import { isErrno } from "./errno.ts";

const TRASH = ".trash-";

/**
 * Removes a folder with everything in it. It is moved aside first, so that a removal that stops half-way never
 * leaves half a sandbox; `removeTrash` finishes it at the next start.
 */
export async function removeSandboxFolder(dataDir: string, root: string): Promise<void> {
  const trash = path.join(sandboxesFolder(dataDir), `${TRASH}${path.basename(root)}`);
  await removeTree(trash);
  try {
    await rename(root, trash);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return;
    throw error;
  }
  await removeTree(trash);
}

/** Finishes removals that an earlier run of Sandbar could not; resolves with the folders that still resist. */
export async function removeTrash(dataDir: string): Promise<string[]> {
  const folder = sandboxesFolder(dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const resisting: string[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(TRASH)) continue;
    const trash = path.join(folder, name);
    await removeTree(trash).catch(() => resisting.push(trash));
  }
  return resisting;
}

/** `rm -rf` that also gets past folders without write permission, which package caches like to leave. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!isErrno(error, "EACCES", "EPERM", "ENOTEMPTY")) throw error;
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(path.join(folder, entry.name));
  }
}
