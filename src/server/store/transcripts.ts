import type { Row, TranscriptState } from "#src/transcript/rows.ts";
import type { Db } from "./schema.ts";

/** Raise it when `src/transcript/` folds events into other rows: transcripts of another version are folded anew. */
const FOLD_VERSION = 3;

/** SQLite takes 32,766 parameters in one statement; a row has three columns. */
const ROWS_PER_INSERT = 1_000;

/** A stored transcript without its rows, true at its cursor. */
export type TranscriptHead = Pick<TranscriptState, "cursor" | "view" | "live"> & { row_count: number };

/** Null when the transcript was never stored, or by another version of the fold. */
export async function getTranscriptHead(db: Db, session_id: string): Promise<TranscriptHead | null> {
  const head = await db
    .selectFrom("transcripts")
    .selectAll()
    .where("session_id", "=", session_id)
    .where("fold_version", "=", FOLD_VERSION)
    .executeTakeFirst();
  if (!head) return null;
  const { cursor, view, live, row_count } = head;
  return { cursor: String(cursor), view: JSON.parse(view), live: JSON.parse(live), row_count };
}

export type RowRange = {
  /** Only rows that an older event than this opened. */
  before?: string | undefined;
  /** Only rows that this event or a newer one opened. */
  from?: string | undefined;
  /** Only rows that a newer event than this opened. */
  after?: string | undefined;
  /** At most so many of them: the newest, or the oldest. */
  limit?: number | undefined;
  keep?: "newest" | "oldest" | undefined;
};

/** Stored rows of a transcript, oldest first. */
export async function readTranscriptRows(
  db: Db,
  session_id: string,
  { before, from, after, limit, keep = "newest" }: RowRange,
): Promise<Row[]> {
  let query = db
    .selectFrom("transcript_rows")
    .select("row")
    .where("session_id", "=", session_id)
    .orderBy("first_event_id", keep === "newest" ? "desc" : "asc");
  if (before !== undefined) query = query.where("first_event_id", "<", Number(before));
  if (from !== undefined) query = query.where("first_event_id", ">=", Number(from));
  if (after !== undefined) query = query.where("first_event_id", ">", Number(after));
  if (limit !== undefined) query = query.limit(limit);
  const rows = (await query.execute()).map(({ row }): Row => JSON.parse(row));
  return keep === "newest" ? rows.reverse() : rows;
}

/** Brings a stored transcript up to date, all at once: `rows` are those that changed or came since the last time. */
export async function saveTranscript(
  db: Db,
  session_id: string,
  { cursor, view, live, row_count }: TranscriptHead,
  rows: readonly Row[],
): Promise<void> {
  const head = {
    fold_version: FOLD_VERSION,
    cursor: Number(cursor),
    view: JSON.stringify(view),
    live: JSON.stringify(live),
    row_count,
  };
  await db.transaction().execute(async (tx) => {
    for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
      await upsertRows(tx, session_id, rows.slice(start, start + ROWS_PER_INSERT));
    }
    await tx
      .insertInto("transcripts")
      .values({ session_id, ...head })
      .onConflict((conflict) => conflict.column("session_id").doUpdateSet(head))
      .execute();
  });
}

async function upsertRows(tx: Db, session_id: string, rows: readonly Row[]): Promise<void> {
  const values = rows.map((row) => ({
    session_id,
    first_event_id: Number(row.first_event_id),
    row: JSON.stringify(row),
  }));
  await tx
    .insertInto("transcript_rows")
    .values(values)
    .onConflict((conflict) =>
      conflict
        .columns(["session_id", "first_event_id"])
        .doUpdateSet(({ ref }) => ({ row: ref("excluded.row") })),
    )
    .execute();
}

/** Takes a transcript out of the store, so that it is folded from the start of its log. */
export async function deleteTranscript(db: Db, session_id: string): Promise<void> {
  await db.deleteFrom("transcripts").where("session_id", "=", session_id).execute();
  await db.deleteFrom("transcript_rows").where("session_id", "=", session_id).execute();
}
