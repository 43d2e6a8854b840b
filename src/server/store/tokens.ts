import type { Db, TokenRow } from "./schema.ts";

/** Access tokens that are valid, oldest first. */
export function listTokenRows(db: Db): Promise<TokenRow[]> {
  return db
    .selectFrom("tokens")
    .selectAll()
    .where("revoked_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
}

/** The valid token with this hash. */
export async function findTokenByHash(db: Db, hash: string): Promise<TokenRow | null> {
  const row = await db
    .selectFrom("tokens")
    .selectAll()
    .where("hash", "=", hash)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return row ?? null;
}

export async function insertToken(db: Db, row: TokenRow): Promise<void> {
  await db.insertInto("tokens").values(row).execute();
}

export async function touchToken(db: Db, id: string, at: string): Promise<void> {
  await db.updateTable("tokens").set({ last_used_at: at }).where("id", "=", id).execute();
}

/** False when there was no valid one. The row stays: what the token did keeps its name. */
export async function revokeToken(db: Db, id: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("tokens")
    .set({ revoked_at: at })
    .where("id", "=", id)
    .where("revoked_at", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
