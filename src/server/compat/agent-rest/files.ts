import { lstat, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { BackendError } from "#src/backends/backend-error.ts";
import { isErrno } from "../../sandboxes/errno.ts";
import { confine, confineNew, readConfined, removeConfined, writeConfined } from "../../sandboxes/files.ts";
import { invalidRequest, Problem } from "./problems.ts";
import { readTar } from "./tar.ts";

/** A sandbox's folder, and the folder in it that relative paths start from. */
export type Place = { root: string; from: string };

type Entry = {
  name: string;
  path: string;
  entryType: "file" | "directory";
  size: number;
  modified?: string;
};

const MOST_PATHS_TOLD = 1_024;

/**
 * The file routes (spec 2), each confined to the sandbox's folder; the original lets absolute paths reach anything.
 * Answers hold absolute paths.
 */
export const files = {
  async entries(place: Place, requested: string): Promise<Entry[]> {
    const folder = await existing(place, requested);
    const names = await told(requested, () => readdir(folder));
    const found = await Promise.all(names.map((name) => entryOf(path.join(folder, name))));
    return found.flatMap((entry) => entry ?? []);
  },

  async stat(place: Place, requested: string): Promise<Omit<Entry, "name">> {
    const entry = await entryOf(await existing(place, requested));
    if (!entry) throw notFound(requested);
    const { name: _name, ...rest } = entry;
    return rest;
  },

  read: (place: Place, requested: string): Promise<Uint8Array> =>
    told(requested, () => readConfined(place.root, locate(place, requested))),

  async write(place: Place, requested: string, bytes: Uint8Array) {
    const file = locate(place, requested);
    await told(requested, () => writeConfined(place.root, file, bytes));
    return { path: file, bytesWritten: bytes.length };
  },

  async remove(place: Place, requested: string, recursive: boolean) {
    const target = locate(place, requested);
    // The thing itself, not what a link of that name points to.
    const parent = await existing(place, path.dirname(target));
    const info = await told(requested, () => lstat(path.join(parent, path.basename(target))));
    if (info.isDirectory() && !recursive) await removeEmpty(await existing(place, requested));
    else await told(requested, () => removeConfined(place.root, target));
    return { path: target };
  },

  async mkdir(place: Place, requested: string) {
    const folder = locate(place, requested);
    const real = await told(requested, () => confineNew(place.root, folder));
    await told(requested, () => mkdir(real, { recursive: true }));
    return { path: folder };
  },

  async move(place: Place, from: string, to: string, overwrite: boolean) {
    const source = await existing(place, from);
    const target = await told(to, () => confineNew(place.root, locate(place, to)));
    const taken = await stat(target).then(
      () => true,
      () => false,
    );
    if (taken && !overwrite) throw invalidRequest(`path already exists: ${to}`);
    if (taken) await told(to, () => removeConfined(place.root, target));
    await told(to, () => mkdir(path.dirname(target), { recursive: true }));
    await told(to, () => rename(source, target));
    return { from: source, to: target };
  },

  async unpack(place: Place, requested: string, archive: Uint8Array) {
    const folder = locate(place, requested);
    const paths: string[] = [];
    for (const { path: name, kind, bytes } of entriesOf(archive)) {
      const target = path.join(folder, name);
      if (kind === "directory") await files.mkdir(place, target);
      else await files.write(place, target, bytes);
      paths.push(target);
    }
    return { paths: paths.slice(0, MOST_PATHS_TOLD), truncated: paths.length > MOST_PATHS_TOLD };
  },
};

/** @throws Problem 400 for a relative path that climbs; a path that leads out is refused where it is used */
function locate({ from }: Place, requested: string): string {
  if (requested.includes("\0") || (!path.isAbsolute(requested) && requested.split(/[/\\]/).includes("..")))
    throw invalidRequest("invalid relative path");
  return path.resolve(from, requested);
}

function existing(place: Place, requested: string): Promise<string> {
  return told(requested, () => confine(place.root, locate(place, requested)));
}

/** Does it, with failures in this API's words: a missing path is 400, other trouble of the disk 502. */
async function told<T>(requested: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BackendError && error.code === "not_found") throw notFound(requested);
    if (isErrno(error, "ENOENT")) throw notFound(requested);
    if (error instanceof BackendError || error instanceof Problem) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new Problem(502, "stream_error", `stream error: ${message}`, { details: { message } });
  }
}

async function removeEmpty(folder: string): Promise<void> {
  if ((await readdir(folder)).length > 0) {
    const message = "directory not empty";
    throw new Problem(502, "stream_error", `stream error: ${message}`, { details: { message } });
  }
  await rm(folder, { recursive: true });
}

function notFound(requested: string): Problem {
  return invalidRequest(`path not found: ${requested}`);
}

async function entryOf(file: string): Promise<Entry | null> {
  try {
    const info = await lstat(file);
    return {
      name: path.basename(file),
      path: file,
      entryType: info.isDirectory() ? "directory" : "file",
      size: info.size,
      modified: info.mtime.toISOString(),
    };
  } catch (error) {
    // It vanished meanwhile.
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}

function entriesOf(archive: Uint8Array): ReturnType<typeof readTar> {
  try {
    return readTar(archive);
  } catch (error) {
    throw invalidRequest(error instanceof Error ? error.message : String(error));
  }
}
