import type { Db } from "#src/server/store/schema.ts";

/** The row of the embedded backend, which sandboxes and sessions refer to. */
export async function insertLocalBackend(db: Db): Promise<void> {
  const at = "2026-01-01T00:00:00.000Z";
  await db
    .insertInto("backends")
    .values({
      id: "local",
      kind: "local",
      name: "here",
      url: null,
      token_sealed: null,
      paused: 0,
      state: "online",
      state_detail: null,
      version: null,
      latency_ms: null,
      last_error_message: null,
      last_error_at: null,
      checked_at: null,
      created_at: at,
      updated_at: at,
      removed_at: null,
    })
    .execute();
}
