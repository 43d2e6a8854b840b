import { constants, type Stats } from "node:fs";
import {
  type FileHandle,
  chmod,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  truncate,
  utimes,
} from "node:fs/promises";
import path from "node:path";
import { confine, confineNew } from "../sandboxes/files.ts";

export type Attributes = {
  mode: number;
  uid: number;
  gid: number;
  size: number;
  atime: number;
  mtime: number;
};
export type Listed = { name: string; attributes: Attributes; is_dir: boolean };

/** How a client wants to open a file: the flags of the protocol. */
const READ = 1;
const WRITE = 2;
const APPEND = 4;
const CREAT = 8;
const TRUNC = 16;
const EXCL = 32;

/**
 * What SFTP does to files, each confined to the folder: paths are absolute ones of this machine, or relative to the
 * folder; `/` means the folder.
 * @throws BackendError `invalid_request` for a path that leads out
 */
export function createSftpFiles(root: string) {
  /** The thing of that name itself, also when it is a link. */
  async function named(requested: string): Promise<string> {
    const wanted = absolute(requested);
    if (wanted === path.resolve(root)) return confine(root, "");
    return path.join(await confine(root, path.dirname(wanted)), path.basename(wanted));
  }

  function absolute(requested: string): string {
    return requested === "/" ? path.resolve(root) : path.resolve(root, requested);
  }

  return {
    async open(requested: string, flags: number, mode: number): Promise<FileHandle> {
      const file = await (flags & CREAT ? confineNew(root, requested) : confine(root, requested));
      return open(file, nodeFlags(flags), mode & 0o777);
    },
    async list(requested: string): Promise<Listed[]> {
      const folder = await confine(root, requested);
      const names = await readdir(folder);
      const listed = names.map(async (name): Promise<Listed> => {
        const info = await lstat(path.join(folder, name));
        return { name, attributes: attributesOf(info), is_dir: info.isDirectory() };
      });
      return (await Promise.allSettled(listed)).flatMap((one) =>
        // What vanished meanwhile is not there.
        one.status === "fulfilled" ? [one.value] : [],
      );
    },
    stat: async (requested: string): Promise<Attributes> =>
      attributesOf(await stat(await confine(root, requested))),
    lstat: async (requested: string): Promise<Attributes> =>
      attributesOf(await lstat(await named(requested))),
    readlink: async (requested: string): Promise<string> => readlink(await named(requested)),
    /** Of what need not exist yet, too: clients ask before they write. */
    realpath: async (requested: string): Promise<string> =>
      requested === "" || requested === "." || requested === "/"
        ? realpath(root)
        : confineNew(root, requested),
    async mkdir(requested: string, mode: number): Promise<void> {
      await mkdir(await named(requested), { mode: mode & 0o777 });
    },
    remove: async (requested: string): Promise<void> => rm(await named(requested)),
    rmdir: async (requested: string): Promise<void> => rmdir(await named(requested)),
    async rename(from: string, to: string): Promise<void> {
      await rename(await named(from), await named(to));
    },
    async change(requested: string, wanted: Partial<Attributes>): Promise<void> {
      const file = await confine(root, requested);
      if (wanted.size !== undefined) await truncate(file, wanted.size);
      if (wanted.mode !== undefined) await chmod(file, wanted.mode & 0o777);
      if (wanted.atime !== undefined && wanted.mtime !== undefined)
        await utimes(file, wanted.atime, wanted.mtime);
    },
  };
}

export function attributesOf({ mode, uid, gid, size, atimeMs, mtimeMs }: Stats): Attributes {
  return {
    mode,
    uid,
    gid,
    size,
    atime: Math.floor(atimeMs / 1000),
    mtime: Math.floor(mtimeMs / 1000),
  };
}

/** Links were followed before, so none is now; a pipe must not make the open wait. */
function nodeFlags(flags: number): number {
  const { O_RDONLY, O_WRONLY, O_RDWR, O_APPEND, O_CREAT, O_TRUNC, O_EXCL, O_NOFOLLOW, O_NONBLOCK } =
    constants;
  const access = flags & WRITE ? (flags & READ ? O_RDWR : O_WRONLY) : O_RDONLY;
  return (
    access |
    (flags & APPEND ? O_APPEND : 0) |
    (flags & CREAT ? O_CREAT : 0) |
    (flags & TRUNC ? O_TRUNC : 0) |
    (flags & EXCL ? O_EXCL : 0) |
    O_NOFOLLOW |
    O_NONBLOCK
  );
}
