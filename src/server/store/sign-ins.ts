import type { Db, SignInRow } from "./schema.ts";

/** The browser whose cookie has this hash. */
export async function findSignInByHash(db: Db, hash: string): Promise<SignInRow | null> {
  const row = await db.selectFrom("sign_ins").selectAll().where("hash", "=", hash).executeTakeFirst();
  return row ?? null;
}

export async function insertSignIn(db: Db, row: SignInRow): Promise<void> {
  await db.insertInto("sign_ins").values(row).execute();
}

export async function touchSignIn(db: Db, id: string, at: string): Promise<void> {
  await db.updateTable("sign_ins").set({ last_used_at: at }).where("id", "=", id).execute();
}

export async function deleteSignIn(db: Db, id: string): Promise<void> {
  await db.deleteFrom("sign_ins").where("id", "=", id).execute();
}

/** Forgets browsers that signed in before the time: their cookies have run out. */
export async function deleteSignInsBefore(db: Db, time: string): Promise<void> {
  await db.deleteFrom("sign_ins").where("created_at", "<", time).execute();
}
