import type { Migration } from "kysely";
import { initial } from "./001-initial.ts";
import { transcriptRows } from "./002-transcript-rows.ts";
import { resolvedRequests } from "./003-resolved-requests.ts";

/** Every migration in order. Names never change: the database remembers them. */
export const migrations: Readonly<Record<string, Migration>> = {
  "001-initial": initial,
  "002-transcript-rows": transcriptRows,
  "003-resolved-requests": resolvedRequests,
};
