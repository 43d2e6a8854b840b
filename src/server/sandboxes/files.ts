import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { FileInfo } from "#src/backends/backend.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import { isInside } from "./layout.ts";
import { isErrno } from "./errno.ts";

const MAX_READ_BYTES = 32 * 1024 * 1024;

/**
 * The absolute path of `requested` below `root`: relative, or absolute when it lies below `root` anyway; `""` and
 * `/` mean `root`. Links are followed first, so none leads out.
 *
 * @throws BackendError `invalid_request` when it leads out, `not_found` when it does not exist.
 */
export async function confine(root: string, requested: string): Promise<string> {
  return confineAbsolute(root, absolute(root, requested), requested, realOrMissing);
}

/**
 * The same for what need not exist yet: the real path of its nearest folder that does, plus the rest.
 *
 * @throws BackendError `invalid_request` when it leads out.
 */
export async function confineNew(root: string, requested: string): Promise<string> {
  return confineAbsolute(root, absolute(root, requested), requested, realOfCreatable);
}

type Resolve = (wanted: string, requested: string) => Promise<string>;

async function confineAbsolute(
  root: string,
  wanted: string,
  requested: string,
  resolve: Resolve,
): Promise<string> {
  if (wanted.includes("\0")) throw outside(requested);
  const realRoot = await realOrMissing(root, "folder of files");
  if (!isInside(root, wanted) && !isInside(realRoot, wanted)) throw outside(requested);
  const real = await resolve(wanted, requested);
  if (!isInside(realRoot, real)) throw outside(requested);
  return real;
}

function absolute(root: string, requested: string): string {
  return requested === "/" ? root : path.resolve(root, requested);
}

async function realOrMissing(wanted: string, requested: string): Promise<string> {
  try {
    return await realpath(wanted);
  } catch (error) {
    if (isErrno(error, "ELOOP")) throw outside(requested);
    throw missing(error, requested);
  }
}

/** The real path of the nearest existing ancestor plus the rest; a dangling link counts as leading out. */
async function realOfCreatable(wanted: string): Promise<string> {
  try {
    return await realpath(wanted);
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    if (await isLink(wanted)) return path.parse(wanted).root;
    return path.join(await realOfCreatable(path.dirname(wanted)), path.basename(wanted));
  }
}

async function isLink(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isSymbolicLink();
  } catch {
    return false;
  }
}

/** One folder, folders first, then by name. Paths are relative to `root`. */
export async function listFolder(root: string, requested: string): Promise<FileInfo[]> {
  const folder = await confine(root, requested);
  const realRoot = await realpath(root);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (isErrno(error, "ENOTDIR"))
      throw new BackendError("invalid_request", `${requested} is a file, not a folder.`);
    throw missing(error, requested);
  }
  const infos = await Promise.all(names.map((name) => describe(realRoot, path.join(folder, name))));
  return infos
    .filter((info) => info !== null)
    .sort((a, b) => Number(b.is_dir) - Number(a.is_dir) || a.path.localeCompare(b.path));
}

/** A link shows as what it points to when that is inside, else as a plain file; null when it vanished meanwhile. */
async function describe(realRoot: string, file: string): Promise<FileInfo | null> {
  try {
    const link = await lstat(file);
    const inside = link.isSymbolicLink() && (await pointsInside(realRoot, file));
    const info = inside ? await stat(file) : link;
    return {
      path: path.relative(realRoot, file),
      size: info.size,
      is_dir: info.isDirectory(),
      modified_at: info.mtime.toISOString(),
    };
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}

async function pointsInside(realRoot: string, link: string): Promise<boolean> {
  try {
    return isInside(realRoot, await realpath(link));
  } catch {
    return false;
  }
}

/** @throws BackendError `too_large` over 32 MiB, `invalid_request` for anything but a regular file. */
export async function readConfined(root: string, requested: string): Promise<Uint8Array> {
  const file = await confine(root, requested);
  // Without O_NONBLOCK opening a pipe would wait for a writer for ever; O_NOFOLLOW: the link was resolved above.
  const handle = await openFile(
    file,
    constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW,
    requested,
  );
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new BackendError("invalid_request", `${requested} is not a file.`);
    if (info.size > MAX_READ_BYTES)
      throw new BackendError("too_large", `${requested} is larger than 32 MiB.`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Writes a whole file, making the folders above it. */
export async function writeConfined(root: string, requested: string, bytes: Uint8Array): Promise<void> {
  const file = await confineNew(root, requested);
  if (file === (await realpath(root)))
    throw new BackendError("invalid_request", "Name a file, not the folder.");
  await mkdir(path.dirname(file), { recursive: true });
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await openFile(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, requested);
  try {
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}

/**
 * Where an entry itself stands, for what is done with a link and not with what it points to: the real path of its folder,
 * and its name.
 *
 * @throws BackendError `invalid_request` when it leads out or is `root`, `not_found` when its folder does not exist.
 */
export async function confineEntry(root: string, requested: string): Promise<string> {
  const wanted = absolute(root, requested);
  if (wanted === path.resolve(root)) {
    throw new BackendError("invalid_request", "The whole folder stays as long as its sandbox.");
  }
  const folder = path.dirname(wanted);
  const shown = path.relative(root, folder) || requested;
  return path.join(await confineAbsolute(root, folder, shown, realOrMissing), path.basename(wanted));
}

/** Removes a file, a link (never what it points to) or a folder with everything in it. */
export async function removeConfined(root: string, requested: string): Promise<void> {
  const entry = await confineEntry(root, requested);
  try {
    await rm(entry, { recursive: true });
  } catch (error) {
    throw missing(error, requested);
  }
}

async function openFile(file: string, flags: number, requested: string): Promise<FileHandle> {
  try {
    return await open(file, flags, 0o644);
  } catch (error) {
    if (isErrno(error, "EISDIR", "ENXIO", "ELOOP", "ENOTDIR")) {
      throw new BackendError("invalid_request", `${requested} is not a file.`, { cause: error });
    }
    throw missing(error, requested);
  }
}

function missing(error: unknown, requested: string): unknown {
  if (!isErrno(error, "ENOENT", "ENOTDIR")) return error;
  return new BackendError("not_found", `There is no ${requested} in this sandbox.`, { cause: error });
}

function outside(requested: string): BackendError {
  return new BackendError("invalid_request", `"${requested}" is not inside the sandbox's folder.`);
}
