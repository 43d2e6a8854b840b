import { constants } from "node:fs";
import { cp, lstat, realpath, stat } from "node:fs/promises";
import { BackendError } from "#src/backends/backend-error.ts";
import { isInside, sandboxesFolder } from "./layout.ts";
import { isErrno } from "./errno.ts";

export type CopyResult = { file_count: number; skipped: number };

/**
 * Copies a folder of this machine, symbolic links as they are; sockets, pipes and devices are left out. Resolves
 * with how much; an abort stops between two files.
 *
 * @throws BackendError `invalid_request` when the folder is missing, is no folder, or holds the data directory.
 */
export async function copyFolder(
  from: string,
  to: string,
  { dataDir, signal }: { dataDir: string; signal: AbortSignal },
): Promise<CopyResult> {
  const source = await realFolder(from);
  await refuseOwnData(source, dataDir);
  const result: CopyResult = { file_count: 0, skipped: 0 };
  await cp(source, to, {
    recursive: true,
    verbatimSymlinks: true,
    // Copy-on-write where the file system can, so a big folder costs no space.
    mode: constants.COPYFILE_FICLONE,
    filter: async (entry) => {
      signal.throwIfAborted();
      const info = await lstat(entry);
      if (info.isDirectory()) return true;
      const copied = info.isFile() || info.isSymbolicLink();
      result[copied ? "file_count" : "skipped"]++;
      return copied;
    },
  });
  return result;
}

async function realFolder(from: string): Promise<string> {
  try {
    const source = await realpath(from);
    if ((await stat(source)).isDirectory()) return source;
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
    throw new BackendError("invalid_request", `There is no folder ${from} on this machine.`, {
      cause: error,
    });
  }
  throw new BackendError("invalid_request", `${from} is a file, not a folder.`);
}

/** Sandbar's data may be neither copied into itself nor handed to an agent; another sandbox's files may. */
async function refuseOwnData(source: string, dataDir: string): Promise<void> {
  const data = await realpath(dataDir);
  if (isInside(source, data)) {
    throw new BackendError(
      "invalid_request",
      `${source} holds Sandbar's own data (${data}) and cannot be copied into it.`,
    );
  }
  const [, area] = isInside(sandboxesFolder(data), source)
    ? source.slice(sandboxesFolder(data).length + 1).split("/")
    : [];
  if (isInside(data, source) && area !== "files") {
    throw new BackendError(
      "invalid_request",
      `${source} is part of Sandbar's own data and cannot be copied.`,
    );
  }
}
