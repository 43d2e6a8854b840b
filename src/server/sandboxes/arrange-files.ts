import { lstat, mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { BackendError } from "#src/backends/backend-error.ts";
import { isErrno } from "./errno.ts";
import { confineEntry, confineNew } from "./files.ts";

/** Makes a folder and those above it. @throws BackendError `already_exists` when something has its name */
export async function makeFolderConfined(root: string, requested: string): Promise<void> {
  await named(requested, async () => {
    const folder = await confineNew(root, requested);
    if (await isThere(folder)) throw taken(requested);
    await mkdir(path.dirname(folder), { recursive: true });
    await mkdir(folder);
  });
}

/**
 * Gives a file, a link or a folder another name or place in a folder that is there.
 *
 * @throws BackendError `already_exists` when something has that name, `not_found` for what or where is not there
 */
export async function moveConfined(root: string, from: string, to: string): Promise<void> {
  const source = await confineEntry(root, from);
  if (!(await isThere(source))) throw new BackendError("not_found", `There is no ${from} in this sandbox.`);
  await named(to, async () => {
    const target = await confineEntry(root, to);
    // The disk's own rename would replace a file without a word.
    if (await isThere(target)) throw taken(to);
    await rename(source, target);
  });
}

async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
}

/** Does it, with what the disk has against a name in words. */
async function named(requested: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isErrno(error, "EEXIST")) throw taken(requested);
    if (isErrno(error, "ENOTDIR"))
      throw new BackendError("invalid_request", `Part of ${requested} is a file, not a folder.`);
    if (isErrno(error, "ENAMETOOLONG"))
      throw new BackendError("invalid_request", "This name is too long for the disk.");
    if (isErrno(error, "EINVAL"))
      throw new BackendError("invalid_request", "A folder cannot go into itself.");
    throw error;
  }
}

function taken(requested: string): BackendError {
  return new BackendError("already_exists", `${requested} is there already. Choose another name.`);
}
