import type { Kysely, Migration } from "kysely";
import type { Tables } from "../schema.ts";

/**
 * Keys the rows of transcripts by the event that opened them, as pages are asked for, in place of their position. They
 * are made of the log, so they are made anew.
 */
export const transcriptRows: Migration = {
  up: async (db: Kysely<Tables>) => {
    await db.deleteFrom("transcripts").execute();
    await db.schema.dropTable("transcript_rows").execute();
    await db.schema
      .createTable("transcript_rows")
      .addColumn("session_id", "text", (column) => column.notNull())
      .addColumn("first_event_id", "integer", (column) => column.notNull())
      .addColumn("row", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("transcript_rows_key", ["session_id", "first_event_id"])
      .execute();
  },
};
