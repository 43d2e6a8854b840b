import { sql } from "kysely";
import type { Db } from "../store/schema.ts";
import type { Vault } from "./vault.ts";

/** Every column that the vault sealed; a value's place is its table and its row's id. */
const sealedColumns = [
  { table: "backends", column: "token_sealed" },
  { table: "sandboxes", column: "env_sealed" },
  { table: "secrets", column: "value_sealed" },
  { table: "credentials", column: "value_sealed" },
] as const;

/**
 * Seals with the current key whatever another one sealed, so that a rotation ends with the start that began it. Throws
 * `VaultError` `wrong_key` when a value's key is not here: better at the start than when the value is needed.
 */
export async function resealAll(db: Db, vault: Vault): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const { table, column } of sealedColumns) {
      const { rows } = await sql<{ id: string; sealed: string }>`
        select id, ${sql.ref(column)} as sealed from ${sql.table(table)} where ${sql.ref(column)} is not null
      `.execute(tx);
      for (const { id, sealed } of rows.filter((row) => vault.isStale(row.sealed))) {
        const place = `${table}/${id}`;
        const fresh = vault.seal(vault.open(sealed, place), place);
        await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${fresh} where id = ${id}`.execute(tx);
      }
    }
  });
}
