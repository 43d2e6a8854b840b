import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import * as z from "zod";
import { sqliteCode } from "./store/store-error.ts";

/** `server.json` in the data directory: the server that holds it, and how `npm run link` talks to it. */
const ServerInfo = z.object({
  pid: z.number().int(),
  started_at: z.string(),
  /** Null until it listens. */
  port: z.number().int().nullable(),
  /** An access token for commands of the same user on this machine; the file is 0600. */
  control_token: z.string().nullable(),
});
export type ServerInfo = z.infer<typeof ServerInfo>;

/** The data directory cannot be taken. `holder` is the server that has it, when it said who it is. */
export class LockError extends Error {
  readonly holder: ServerInfo | null;

  constructor(message: string, holder: ServerInfo | null, cause?: unknown) {
    super(message, { cause });
    this.name = "LockError";
    this.holder = holder;
  }
}

export type DataDirLock = {
  /** Says where the server listens. */
  announce(listening: { port: number; control_token: string }): void;
  release(): void;
};

/**
 * Takes the data directory for this process, or throws `LockError` that says who has it (design §6). The lock is one of
 * the operating system, held through an open SQLite transaction: it ends with the process however that ends, and a
 * reused process id cannot hold it.
 */
export function lockDataDir(data_dir: string, { pid, now }: { pid: number; now: () => Date }): DataDirLock {
  const database = takeLock(data_dir);
  const info: ServerInfo = { pid, started_at: now().toISOString(), port: null, control_token: null };
  writeServerInfo(data_dir, info);
  return {
    announce: (listening) => writeServerInfo(data_dir, { ...info, ...listening }),
    release: () => {
      rmSync(infoFile(data_dir), { force: true });
      database.close();
    },
  };
}

/** The server that has the data directory, as it says itself; null when there is no word of one. */
export function readServerInfo(data_dir: string): ServerInfo | null {
  try {
    return ServerInfo.parse(JSON.parse(readFileSync(infoFile(data_dir), "utf8")));
  } catch {
    // Absent, or being replaced by a version that writes it otherwise: either way nobody to name.
    return null;
  }
}

function takeLock(data_dir: string): Database.Database {
  let database: Database.Database;
  try {
    mkdirSync(data_dir, { recursive: true, mode: 0o700 });
    database = new Database(join(data_dir, "lock"));
  } catch (error) {
    throw unusable(data_dir, error);
  }
  try {
    database.exec("PRAGMA busy_timeout = 0");
    database.exec("BEGIN EXCLUSIVE");
    return database;
  } catch (error) {
    database.close();
    if (!sqliteCode(error).startsWith("SQLITE_BUSY")) throw unusable(data_dir, error);
    const holder = readServerInfo(data_dir);
    throw new LockError(
      `Another Sandbar server uses ${data_dir}${who(holder)}. Stop it, or pass another --data-dir.`,
      holder,
    );
  }
}

function who(holder: ServerInfo | null): string {
  if (!holder) return "";
  const port = holder.port === null ? "" : `, port ${holder.port}`;
  return ` (process ${holder.pid}${port}, since ${holder.started_at})`;
}

function unusable(data_dir: string, cause: unknown): LockError {
  return new LockError(
    `The data directory ${data_dir} cannot be used. Check that it is a folder that may be written, or pass --data-dir.`,
    null,
    cause,
  );
}

/** Replaced in one step, so that no reader sees half of it. */
function writeServerInfo(data_dir: string, info: ServerInfo): void {
  const unfinished = `${infoFile(data_dir)}.new`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${JSON.stringify(info)}\n`, { mode: 0o600, flag: "wx" });
  renameSync(unfinished, infoFile(data_dir));
}

function infoFile(data_dir: string): string {
  return join(data_dir, "server.json");
}
