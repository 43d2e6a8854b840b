import { sql, type Kysely, type Migration } from "kysely";
import type { Tables } from "../schema.ts";

/** The first schema. Migrations are frozen once released: a change is a new file. */
export const initial: Migration = {
  up: async (db: Kysely<Tables>) => {
    await createWorkTables(db);
    await createConversationTables(db);
    await createSecretTables(db);
    await createAccessTables(db);
  },
};

async function createWorkTables(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("backends")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("url", "text")
    .addColumn("token_sealed", "text")
    .addColumn("paused", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("state_detail", "text")
    .addColumn("version", "text")
    .addColumn("latency_ms", "real")
    .addColumn("last_error_message", "text")
    .addColumn("last_error_at", "text")
    .addColumn("checked_at", "text")
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("updated_at", "text", (column) => column.notNull())
    .addColumn("removed_at", "text")
    .execute();

  await db.schema
    .createTable("sandboxes")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("backend_id", "text", (column) => column.notNull().references("backends.id"))
    .addColumn("upstream_id", "text")
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("state_detail", "text")
    .addColumn("agent_provider", "text", (column) => column.notNull())
    .addColumn("persistence", "text", (column) => column.notNull())
    .addColumn("endpoint_url", "text")
    .addColumn("directory", "text")
    .addColumn("repository", "text")
    .addColumn("branch", "text")
    .addColumn("labels", "text", (column) => column.notNull())
    .addColumn("spec", "text", (column) => column.notNull())
    .addColumn("env_sealed", "text")
    .addColumn("provisioning", "text", (column) => column.notNull())
    .addColumn("extra", "text", (column) => column.notNull())
    .addColumn("auto_stop_minutes", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("updated_at", "text", (column) => column.notNull())
    .addColumn("last_activity_at", "text", (column) => column.notNull())
    .addColumn("terminated_at", "text")
    .execute();
  await db.schema
    .createIndex("sandboxes_live_name")
    .unique()
    .on("sandboxes")
    .column("name")
    .where(sql.ref("terminated_at"), "is", null)
    .execute();
  await db.schema
    .createIndex("sandboxes_upstream")
    .unique()
    .on("sandboxes")
    .columns(["backend_id", "upstream_id"])
    .where(sql.ref("terminated_at"), "is", null)
    .execute();
  await db.schema
    .createIndex("sandboxes_activity")
    .on("sandboxes")
    .columns(["last_activity_at", "id"])
    .execute();

  await db.schema
    .createTable("sessions")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("sandbox_id", "text", (column) => column.notNull().references("sandboxes.id"))
    .addColumn("backend_id", "text", (column) => column.notNull().references("backends.id"))
    .addColumn("agent", "text", (column) => column.notNull())
    .addColumn("title", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("state_detail", "text")
    .addColumn("stopping", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("options", "text", (column) => column.notNull())
    .addColumn("commands", "text", (column) => column.notNull())
    .addColumn("metadata", "text", (column) => column.notNull())
    .addColumn("directory", "text")
    .addColumn("upstream_ref", "text")
    .addColumn("upstream_cursor", "text")
    .addColumn("archived_at", "text")
    .addColumn("turn_id", "text")
    .addColumn("turn_started_at", "text")
    .addColumn("last_error", "text")
    .addColumn("last_event_id", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("updated_at", "text", (column) => column.notNull())
    .addColumn("last_activity_at", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("sessions_upstream")
    .unique()
    .on("sessions")
    .columns(["sandbox_id", "upstream_ref"])
    .execute();
  await db.schema
    .createIndex("sessions_activity")
    .on("sessions")
    .columns(["last_activity_at", "id"])
    .execute();
  await db.schema
    .createIndex("sessions_turns")
    .on("sessions")
    .column("sandbox_id")
    .where(sql.ref("turn_id"), "is not", null)
    .execute();
}

async function createConversationTables(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("requests")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("session_id", "text", (column) => column.notNull().references("sessions.id"))
    .addColumn("sandbox_id", "text", (column) => column.notNull())
    .addColumn("backend_id", "text", (column) => column.notNull())
    .addColumn("upstream_id", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("agent", "text", (column) => column.notNull())
    .addColumn("turn_id", "text")
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("summary", "text", (column) => column.notNull())
    .addColumn("body", "text", (column) => column.notNull())
    .addColumn("response", "text")
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("expires_at", "text")
    .addColumn("resolved_at", "text")
    .addColumn("resolved_by", "text")
    .execute();
  await db.schema
    .createIndex("requests_created")
    .on("requests")
    .columns(["session_id", "created_at"])
    .execute();
  await db.schema
    .createIndex("requests_pending")
    .on("requests")
    .columns(["session_id", "kind"])
    .where(sql.ref("state"), "=", sql.lit("pending"))
    .execute();
  await db.schema
    .createIndex("requests_pending_by_sandbox")
    .on("requests")
    .columns(["sandbox_id", "kind"])
    .where(sql.ref("state"), "=", sql.lit("pending"))
    .execute();

  await db.schema
    .createTable("queue")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("session_id", "text", (column) => column.notNull().references("sessions.id"))
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("content", "text", (column) => column.notNull())
    .addColumn("author", "text")
    .addColumn("queued_at", "text", (column) => column.notNull())
    .addUniqueConstraint("queue_order", ["session_id", "position"])
    .execute();

  await db.schema
    .createTable("events")
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("sandbox_id", "text")
    .addColumn("session_id", "text")
    .addColumn("event_type", "text", (column) => column.notNull())
    .addColumn("listed", "integer", (column) => column.notNull())
    .addColumn("data", "text", (column) => column.notNull())
    .addColumn("raw", "text")
    .addColumn("timestamp", "text", (column) => column.notNull())
    .execute();
  await db.schema.createIndex("events_session").on("events").columns(["session_id", "id"]).execute();
  await db.schema.createIndex("events_sandbox").on("events").columns(["sandbox_id", "id"]).execute();
  await db.schema
    .createIndex("events_sandbox_level")
    .on("events")
    .columns(["sandbox_id", "id"])
    .where(sql.ref("session_id"), "is", null)
    .execute();
  await db.schema
    .createIndex("events_listed")
    .on("events")
    .column("id")
    .where(sql.ref("listed"), "=", sql.lit(1))
    .execute();

  await db.schema
    .createTable("transcripts")
    .addColumn("session_id", "text", (column) => column.primaryKey())
    .addColumn("fold_version", "integer", (column) => column.notNull())
    .addColumn("cursor", "integer", (column) => column.notNull())
    .addColumn("view", "text", (column) => column.notNull())
    .addColumn("live", "text", (column) => column.notNull())
    .addColumn("row_count", "integer", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("transcript_rows")
    .addColumn("session_id", "text", (column) => column.notNull())
    .addColumn("position", "integer", (column) => column.notNull())
    .addColumn("row", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("transcript_rows_key", ["session_id", "position"])
    .execute();
}

async function createSecretTables(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("secrets")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("description", "text")
    .addColumn("scope", "text", (column) => column.notNull())
    .addColumn("backend_id", "text")
    .addColumn("upstream_id", "text")
    .addColumn("value_sealed", "text")
    .addColumn("last_used_at", "text")
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("updated_at", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("secrets_vault_name")
    .unique()
    .on("secrets")
    .column("name")
    .where(sql.ref("backend_id"), "is", null)
    .execute();

  await db.schema
    .createTable("credentials")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("provider", "text", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("type", "text", (column) => column.notNull())
    .addColumn("scope", "text", (column) => column.notNull())
    .addColumn("backend_id", "text")
    .addColumn("upstream_id", "text")
    .addColumn("value_sealed", "text")
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("updated_at", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("credentials_vault_name")
    .unique()
    .on("credentials")
    .columns(["provider", "name"])
    .where(sql.ref("backend_id"), "is", null)
    .execute();
}

async function createAccessTables(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable("tokens")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull().unique())
    .addColumn("prefix", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("last_used_at", "text")
    .addColumn("revoked_at", "text")
    .execute();
  await db.schema
    .createTable("sign_ins")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("hash", "text", (column) => column.notNull().unique())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("last_used_at", "text")
    .execute();
}
