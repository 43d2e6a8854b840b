import type { Backend, Capabilities } from "#src/domain/backend.ts";
import type { BackendRow, Db } from "../store/schema.ts";

/** Rows as the API shows them, with how many sandboxes and sessions each has. */
export async function viewBackend(
  db: Db,
  capabilitiesOf: (backend_id: string) => Capabilities,
  rows: readonly BackendRow[],
): Promise<Backend[]> {
  const [sandboxes, sessions] = await Promise.all([
    db
      .selectFrom("sandboxes")
      .select(["backend_id", ({ fn }) => fn.countAll<number>().as("count")])
      .where("state", "!=", "terminated")
      .groupBy("backend_id")
      .execute(),
    db
      .selectFrom("sessions")
      .select(["backend_id", ({ fn }) => fn.countAll<number>().as("count")])
      .where("archived_at", "is", null)
      .groupBy("backend_id")
      .execute(),
  ]);
  const countOf = (list: { backend_id: string; count: number }[], id: string): number =>
    list.find(({ backend_id }) => backend_id === id)?.count ?? 0;
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    name: row.name,
    url: row.url,
    state: row.state,
    state_detail: row.state_detail,
    version: row.version,
    latency_ms: row.latency_ms,
    has_token: row.token_sealed !== null,
    capabilities: capabilitiesOf(row.id),
    sandbox_count: countOf(sandboxes, row.id),
    session_count: countOf(sessions, row.id),
    last_error:
      row.last_error_message && row.last_error_at
        ? { message: row.last_error_message, at: row.last_error_at }
        : null,
    checked_at: row.checked_at,
    created_at: row.created_at,
    updated_at: row.updated_at,
  }));
}
