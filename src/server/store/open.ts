import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { Kysely, Migrator } from "kysely";
import Database from "libsql";
import { LibsqlDialect } from "./dialect.ts";
import { migrations } from "./migrations/migrations.ts";
import type { Db, Tables } from "./schema.ts";
import { StoreError, toStoreError } from "./store-error.ts";

export type Store = {
  readonly db: Db;
  readonly file: string;
  close(): Promise<void>;
};

/** How long a statement waits for another program that reads the file, in ms. */
const BUSY_MS = 5_000;

/**
 * Opens the database file (`:memory:` for tests), makes it when absent, and brings its schema up to date (design §6).
 * Throws `StoreError`: `unwritable`, `corrupt`, `full`, `busy`, or `newer_schema` when a later Sandbar wrote it.
 */
export async function openStore(file: string): Promise<Store> {
  const database = connect(file);
  const db = new Kysely<Tables>({ dialect: new LibsqlDialect(database) });
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    database.pragma("journal_mode = WAL");
    database.exec("PRAGMA synchronous = NORMAL");
    database.exec("PRAGMA foreign_keys = ON");
    await migrate(db, file);
  } catch (error) {
    database.close();
    throw toStoreError(error, file) ?? error;
  }
  return { db, file, close: () => db.destroy() };
}

function connect(file: string): Database.Database {
  try {
    if (file !== ":memory:") {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      // Conversations are their owner's; SQLite gives its other files the same permissions.
      closeSync(openSync(file, "a", 0o600));
    }
    return new Database(file);
  } catch (error) {
    throw new StoreError(
      "unwritable",
      `The database ${file} cannot be made or opened. Check that its folder exists and may be written, or pass --data-dir.`,
      error,
    );
  }
}

async function migrate(db: Db, file: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
  });
  const { error } = await migrator.migrateToLatest();
  if (error instanceof Error && error.message.includes("previously executed migration")) {
    throw new StoreError(
      "newer_schema",
      `${file} was written by a later version of Sandbar. Start that version, or use another --data-dir.`,
      error,
    );
  }
  if (error) throw error;
}
