import type { BackendRow, Db } from "./schema.ts";

/** Connected backends, oldest first. */
export function listBackendRows(db: Db): Promise<BackendRow[]> {
  return db
    .selectFrom("backends")
    .selectAll()
    .where("removed_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** One backend, also when it was removed; null when there never was one. */
export async function getBackendRow(db: Db, id: string): Promise<BackendRow | null> {
  const row = await db.selectFrom("backends").selectAll().where("id", "=", id).executeTakeFirst();
  return row ?? null;
}

export async function insertBackend(db: Db, row: BackendRow): Promise<void> {
  await db.insertInto("backends").values(row).execute();
}

export async function updateBackend(db: Db, id: string, patch: Partial<BackendRow>): Promise<void> {
  if (Object.keys(patch).length === 0) return;
  await db.updateTable("backends").set(patch).where("id", "=", id).execute();
}
