import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import type { FileInfo } from "#src/backends/backend.ts";
import { isErrno } from "./errno.ts";

const SKIPPED_FOLDERS = new Set([".git", "node_modules"]);
const MAX_VISITED = 50_000;

/**
 * Files below `root` whose relative path contains `text`, any case, nearest to the root first. Links are not
 * followed, `.git` and `node_modules` are left out, and a huge tree is searched only for its first 50,000 entries.
 */
export async function searchFiles(
  root: string,
  text: string,
  limit: number,
  signal: AbortSignal,
): Promise<FileInfo[]> {
  const needle = text.toLowerCase();
  const found: FileInfo[] = [];
  for await (const entry of walk(root, signal)) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const relative = path.relative(root, file);
    if (!relative.toLowerCase().includes(needle)) continue;
    const info = await describe(file, relative);
    if (info) found.push(info);
    if (found.length >= limit) break;
  }
  return found;
}

/** How many files are below `root`, by the same rules; null when there are too many to count. */
export async function countFiles(root: string, signal: AbortSignal): Promise<number | null> {
  let visited = 0;
  let count = 0;
  for await (const entry of walk(root, signal)) {
    visited++;
    if (!entry.isDirectory()) count++;
  }
  return visited >= MAX_VISITED ? null : count;
}

/** Every entry below `root`, folder by folder outward, at most `MAX_VISITED`. */
async function* walk(root: string, signal: AbortSignal): AsyncGenerator<Dirent> {
  const folders = [root];
  let visited = 0;
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    signal.throwIfAborted();
    for (const entry of await entriesOf(folder)) {
      if (visited++ >= MAX_VISITED) return;
      if (entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name))
        folders.push(path.join(folder, entry.name));
      yield entry;
    }
  }
}

/** Sorted, so that results do not jump; a folder that vanished or may not be read is empty. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM")) return [];
    throw error;
  }
}

async function describe(file: string, relative: string): Promise<FileInfo | null> {
  try {
    const { size, mtime } = await stat(file);
    return { path: relative, size, is_dir: false, modified_at: mtime.toISOString() };
  } catch (error) {
    if (isErrno(error, "ENOENT")) return null;
    throw error;
  }
}
