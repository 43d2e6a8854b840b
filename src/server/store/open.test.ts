import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { migrations } from "./migrations/migrations.ts";
import { openStore } from "./open.ts";
import { toStoreError } from "./store-error.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sandbar-store-"));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

describe("openStore", () => {
  test("makes the folder and the schema, with WAL and foreign keys", async () => {
    const store = await openStore(join(folder, "deep", "sandbar.db"));
    const pragma = async (name: string): Promise<unknown> =>
      Object.values((await sql<object>`${sql.raw(`PRAGMA ${name}`)}`.execute(store.db)).rows[0] ?? {})[0];
    expect(await pragma("journal_mode")).toBe("wal");
    expect(await pragma("synchronous")).toBe(1);
    expect(await pragma("foreign_keys")).toBe(1);
    expect(await store.db.selectFrom("sessions").selectAll().execute()).toEqual([]);
    await store.close();
  });

  test("makes files that only their owner may read", async () => {
    const store = await openStore(join(folder, "sandbar.db"));
    for (const name of ["sandbar.db", "sandbar.db-wal", "sandbar.db-shm"]) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    await store.close();
  });

  test("opens the same file again without running a migration twice", async () => {
    const file = join(folder, "sandbar.db");
    await (await openStore(file)).close();
    const again = await openStore(file);
    const { rows } = await sql`select name from kysely_migration`.execute(again.db);
    expect(rows).toHaveLength(Object.keys(migrations).length);
    await again.close();
  });

  test("refuses a file that is not a database", async () => {
    const file = join(folder, "sandbar.db");
    writeFileSync(file, "not a database ".repeat(500));
    await expect(openStore(file)).rejects.toMatchObject({ name: "StoreError", code: "corrupt" });
  });

  test("refuses a place where no file can be made", async () => {
    const file = join(folder, "plain-file");
    writeFileSync(file, "");
    await expect(openStore(join(file, "sandbar.db"))).rejects.toMatchObject({ code: "unwritable" });
  });

  test("refuses a schema of a later version", async () => {
    const file = join(folder, "sandbar.db");
    const store = await openStore(file);
    await sql`insert into kysely_migration (name, timestamp) values ('999-later', 'x')`.execute(store.db);
    await store.close();
    await expect(openStore(file)).rejects.toMatchObject({ code: "newer_schema" });
  });
});

test("a full disk is told apart from a broken statement", async () => {
  const store = await openStore(join(folder, "sandbar.db"));
  await sql`create table filler (text text)`.execute(store.db);
  await sql`PRAGMA max_page_count = 60`.execute(store.db);
  const fill = async (): Promise<void> => {
    for (;;) await sql`insert into filler values (${"x".repeat(4000)})`.execute(store.db);
  };
  const error = await fill().catch((caught: unknown) => caught);
  expect(toStoreError(error, store.file)).toMatchObject({ code: "full" });
  expect(toStoreError(new Error("no such column"), store.file)).toBeNull();
  await store.close();
});
