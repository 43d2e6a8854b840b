import type { Kysely, Migration } from "kysely";
import type { Tables } from "../schema.ts";

/** Finds the requests that were answered last without reading all that were ever asked. */
export const resolvedRequests: Migration = {
  up: async (db: Kysely<Tables>) => {
    await db.schema.createIndex("requests_resolved").on("requests").column("resolved_at").execute();
  },
};
