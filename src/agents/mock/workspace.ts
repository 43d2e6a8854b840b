import { lstat, mkdir, readFile, readdir, realpath, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { ToolFailure, hasCode } from "./errors.ts";

/** A path inside a session's folder, checked: `absolute` to open, `shown` to name it by. */
export type WorkPath = { absolute: string; shown: string };

/**
 * The files of one session's folder. No path leaves the folder, by `..`, as an absolute path or through a symbolic
 * link; what cannot be done throws a `ToolFailure` that says why.
 */
export class Workspace {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** Checks a path the user typed; the file itself need not exist. */
  async path(typed: string): Promise<WorkPath> {
    const absolute = resolve(this.root, typed);
    const real = await realLocation(absolute);
    if (!isInside(this.root, absolute) || !isInside(await realpath(this.root), real)) {
      throw new ToolFailure(`${typed} is outside the session's folder`);
    }
    return { absolute, shown: relative(this.root, absolute) || "." };
  }

  /** Names in a directory, sorted, directories with a trailing slash. */
  async list(directory: WorkPath): Promise<string[]> {
    const entries = await explained(directory, () => readdir(directory.absolute, { withFileTypes: true }));
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).sort();
  }

  async read(file: WorkPath): Promise<string> {
    return explained(file, () => readFile(file.absolute, "utf8"));
  }

  /** The text of a file, or null when there is none yet. */
  async readIfPresent(file: WorkPath): Promise<string | null> {
    try {
      return await readFile(file.absolute, "utf8");
    } catch (error) {
      if (hasCode(error, "ENOENT")) return null;
      throw explain(file, error);
    }
  }

  /** Writes a file, making its parent directories. */
  async write(file: WorkPath, text: string): Promise<void> {
    await explained(file, async () => {
      await mkdir(dirname(file.absolute), { recursive: true });
      await writeFile(file.absolute, text);
    });
  }
}

/**
 * Where a path really leads: symbolic links resolved as far as the path exists. A link whose target is missing throws,
 * because writing through it would create the target.
 */
async function realLocation(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT") && !hasCode(error, "ENOTDIR")) throw error;
  }
  if (await existsItself(path)) throw new ToolFailure(`${path} is a link to nothing`);
  return join(await realLocation(dirname(path)), path.slice(dirname(path).length));
}

async function existsItself(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return false;
    throw error;
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function explained<T>(path: WorkPath, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explain(path, error);
  }
}

function explain({ shown }: WorkPath, error: unknown): unknown {
  if (hasCode(error, "ENOENT")) return new ToolFailure(`${shown} does not exist`);
  if (hasCode(error, "EISDIR")) return new ToolFailure(`${shown} is a directory`);
  if (hasCode(error, "ENOTDIR")) return new ToolFailure(`${shown} is not a directory`);
  if (hasCode(error, "EACCES")) return new ToolFailure(`${shown} may not be opened`);
  return error;
}
