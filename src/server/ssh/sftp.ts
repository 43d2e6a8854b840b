import type { FileHandle } from "node:fs/promises";
import type { SFTPWrapper } from "ssh2";
import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import { isErrno } from "../sandboxes/errno.ts";
import { type Attributes, attributesOf, createSftpFiles, type Listed } from "./sftp-files.ts";

/** Status codes of the protocol, version 3. */
const OK = 0;
const EOF = 1;
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
const FAILURE = 4;
const OP_UNSUPPORTED = 8;

const ENTRIES_PER_ANSWER = 100;
const MOST_BYTES_READ = 256 * 1024;

type Open = { kind: "file"; file: FileHandle } | { kind: "folder"; entries: Listed[] };

/** Serves SFTP on a channel, confined to one folder. Making links is refused: nothing needs it, and one could lead out. */
export function serveSftp(sftp: SFTPWrapper, root: string): void {
  const files = createSftpFiles(root);
  const handles = new Map<number, Open>();
  let last = 0;

  function keep(open: Open): Buffer {
    last += 1;
    handles.set(last, open);
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(last);
    return handle;
  }

  function fileOf(handle: Buffer): FileHandle {
    const open = opened(handle);
    if (open.kind === "file") return open.file;
    throw new BackendError("invalid_request", "this handle is a folder's");
  }

  function opened(handle: Buffer): Open {
    const open = handle.length === 4 ? handles.get(handle.readUInt32BE()) : undefined;
    if (!open) throw new BackendError("invalid_request", "there is no such handle");
    return open;
  }

  /** Does it and answers; what fails is told as the protocol can. */
  function answer(id: number, work: () => Promise<unknown>): void {
    work().then(
      (said) => {
        // Work that answered with more than "done" says so.
        if (said === undefined) sftp.status(id, OK);
      },
      (error: unknown) => sftp.status(id, codeOf(error), error instanceof Error ? error.message : undefined),
    );
  }

  const ANSWERED = true;

  sftp.on("OPEN", (id, filename, flags, attrs) =>
    answer(id, async () => {
      const file = await files.open(filename, flags, attrs.mode ?? 0o644);
      sftp.handle(id, keep({ kind: "file", file }));
      return ANSWERED;
    }),
  );
  sftp.on("READ", (id, handle, offset, length) =>
    answer(id, async () => {
      const buffer = Buffer.alloc(Math.min(length, MOST_BYTES_READ));
      const { bytesRead } = await fileOf(handle).read(buffer, 0, buffer.length, offset);
      if (bytesRead === 0) sftp.status(id, EOF);
      else sftp.data(id, buffer.subarray(0, bytesRead));
      return ANSWERED;
    }),
  );
  sftp.on("WRITE", (id, handle, offset, data) =>
    answer(id, async () => {
      const file = fileOf(handle);
      for (let written = 0; written < data.length;) {
        const { bytesWritten } = await file.write(data, written, data.length - written, offset + written);
        written += bytesWritten;
      }
    }),
  );
  sftp.on("FSTAT", (id, handle) =>
    answer(id, async () => {
      sftp.attrs(id, attributesOf(await fileOf(handle).stat()));
      return ANSWERED;
    }),
  );
  sftp.on("FSETSTAT", (id, handle, attrs) => answer(id, () => changeOpen(fileOf(handle), numbersOf(attrs))));
  sftp.on("CLOSE", (id, handle) =>
    answer(id, async () => {
      const open = opened(handle);
      handles.delete(handle.readUInt32BE());
      if (open.kind === "file") await open.file.close();
    }),
  );

  sftp.on("OPENDIR", (id, folder) =>
    answer(id, async () => {
      sftp.handle(id, keep({ kind: "folder", entries: await files.list(folder) }));
      return ANSWERED;
    }),
  );
  sftp.on("READDIR", (id, handle) =>
    answer(id, async () => {
      const open = opened(handle);
      const entries = open.kind === "folder" ? open.entries.splice(0, ENTRIES_PER_ANSWER) : [];
      if (entries.length === 0) sftp.status(id, EOF);
      else {
        const names = entries.map(({ name, attributes, is_dir }) => ({
          filename: name,
          longname: longName(name, attributes, is_dir),
          attrs: attributes,
        }));
        sftp.name(id, names);
      }
      return ANSWERED;
    }),
  );

  const tellAttributes = (id: number, read: () => Promise<Attributes>): void =>
    answer(id, async () => {
      sftp.attrs(id, await read());
      return ANSWERED;
    });
  sftp.on("STAT", (id, target) => tellAttributes(id, () => files.stat(target)));
  sftp.on("LSTAT", (id, target) => tellAttributes(id, () => files.lstat(target)));

  const tellPath = (id: number, read: () => Promise<string>): void =>
    answer(id, async () => {
      const filename = await read();
      const attrs = { mode: 0, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };
      sftp.name(id, [{ filename, longname: filename, attrs }]);
      return ANSWERED;
    });
  sftp.on("REALPATH", (id, target) => tellPath(id, () => files.realpath(target)));
  sftp.on("READLINK", (id, target) => tellPath(id, () => files.readlink(target)));

  sftp.on("SETSTAT", (id, target, attrs) => answer(id, () => files.change(target, numbersOf(attrs))));
  sftp.on("MKDIR", (id, target, attrs) => answer(id, () => files.mkdir(target, attrs.mode ?? 0o755)));
  sftp.on("REMOVE", (id, target) => answer(id, () => files.remove(target)));
  sftp.on("RMDIR", (id, target) => answer(id, () => files.rmdir(target)));
  sftp.on("RENAME", (id, from, to) => answer(id, () => files.rename(from, to)));
  sftp.on("SYMLINK", (id) => sftp.status(id, OP_UNSUPPORTED));
  sftp.on("EXTENDED", (id) => sftp.status(id, OP_UNSUPPORTED));

  // The client has no more requests and waits for the channel to be closed.
  sftp.on("end", () => {
    tellSuccess(sftp);
    sftp.end();
  });
  sftp.on("close", () => {
    for (const open of handles.values()) {
      // The client is gone; there is nobody to tell that a close failed.
      if (open.kind === "file") open.file.close().catch(() => undefined);
    }
    handles.clear();
  });
}

/** What ssh2 has but does not declare. */
const Inside = z.object({
  outgoing: z.object({ id: z.number() }),
  _protocol: z.object({ exitStatus: z.custom<(channel: number, code: number) => void>(isFunction) }),
});

/** ssh2 tells no exit status at the end of SFTP, and `scp` takes its absence for a failure. */
function tellSuccess(sftp: SFTPWrapper): void {
  const { outgoing, _protocol } = Inside.safeParse(sftp).data ?? {};
  // The method needs its own object, which the schema copied.
  if (outgoing && _protocol) _protocol.exitStatus.call(Reflect.get(sftp, "_protocol"), outgoing.id, 0);
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function codeOf(error: unknown): number {
  if (isErrno(error, "ENOENT", "ENOTDIR")) return NO_SUCH_FILE;
  if (isErrno(error, "EACCES", "EPERM", "ELOOP")) return PERMISSION_DENIED;
  if (!(error instanceof BackendError)) return FAILURE;
  return error.code === "not_found" ? NO_SUCH_FILE : PERMISSION_DENIED;
}

async function changeOpen(
  file: FileHandle,
  { mode, size, atime, mtime }: Partial<Attributes>,
): Promise<void> {
  if (size !== undefined) await file.truncate(size);
  if (mode !== undefined) await file.chmod(mode & 0o777);
  if (atime !== undefined && mtime !== undefined) await file.utimes(atime, mtime);
}

/** The attributes that a client wants to set; owners stay as they are. */
function numbersOf(wanted: object): Partial<Attributes> {
  const numbers: Partial<Attributes> = {};
  for (const key of ["mode", "size", "atime", "mtime"] as const) {
    const value: unknown = key in wanted ? Reflect.get(wanted, key) : undefined;
    if (typeof value === "number") numbers[key] = value;
  }
  return numbers;
}

/** One line of `ls -l`, which clients show as it is. */
function longName(name: string, { mode, size, mtime }: Attributes, is_dir: boolean): string {
  const bits = Array.from("rwxrwxrwx", (letter, index) => (mode & (0o400 >> index) ? letter : "-")).join("");
  const date = new Date(mtime * 1000).toISOString().slice(0, 16).replace("T", " ");
  return `${is_dir ? "d" : "-"}${bits} 1 sandbox sandbox ${String(size).padStart(10)} ${date} ${name}`;
}
