import type { LiveRows, Row, SessionView } from "#src/transcript/rows.ts";
import type { Db } from "./schema.ts";

/** A folded transcript without its rows. */
export type StoredTranscript = { cursor: number; view: SessionView; live: LiveRows; row_count: number };

export type TranscriptChange = Omit<StoredTranscript, "row_count"> & {
  /** Of the fold that made it: another version's rows are of no use. */
  fold_version: number;
  /** Rows from this position on are replaced by `rows`; those before it stay. */
  from: number;
  rows: readonly Row[];
};

/** How a session's transcript was when it was last stored; null when it never was, or another fold made it. */
export async function getTranscript(
  db: Db,
  session_id: string,
  fold_version: number,
): Promise<StoredTranscript | null> {
  const row = await db
    .selectFrom("transcripts")
    .select(["cursor", "view", "live", "row_count"])
    .where("session_id", "=", session_id)
    .where("fold_version", "=", fold_version)
    .executeTakeFirst();
  return row ? { ...row, view: JSON.parse(row.view), live: JSON.parse(row.live) } : null;
}

/** At most `limit` rows before a position, in the order of the transcript. */
export async function readTranscriptRows(
  db: Db,
  session_id: string,
  { before, limit }: { before: number; limit: number },
): Promise<Row[]> {
  const rows = await db
    .selectFrom("transcript_rows")
    .select("row")
    .where("session_id", "=", session_id)
    .where("position", "<", before)
    .where("position", ">=", before - limit)
    .orderBy("position")
    .execute();
  return rows.map(({ row }) => JSON.parse(row));
}

/** SQLite takes 32,766 parameters in one statement; a row has three columns. */
const ROWS_PER_INSERT = 5_000;

/** Stores the end of a transcript anew. */
export async function saveTranscript(db: Db, session_id: string, change: TranscriptChange): Promise<void> {
  const { fold_version, cursor, from, rows } = change;
  const head = {
    fold_version,
    cursor,
    row_count: from + rows.length,
    view: JSON.stringify(change.view),
    live: JSON.stringify(change.live),
  };
  await db
    .deleteFrom("transcript_rows")
    .where("session_id", "=", session_id)
    .where("position", ">=", from)
    .execute();
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    const values = rows
      .slice(start, start + ROWS_PER_INSERT)
      .map((row, index) => ({ session_id, position: from + start + index, row: JSON.stringify(row) }));
    await db.insertInto("transcript_rows").values(values).execute();
  }
  await db
    .insertInto("transcripts")
    .values({ session_id, ...head })
    .onConflict((conflict) => conflict.column("session_id").doUpdateSet(head))
    .execute();
}
