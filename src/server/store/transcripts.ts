import type { Row, TranscriptState } from "#src/transcript/rows.ts";
import type { Db } from "./schema.ts";

/** Raise it when `src/transcript/` folds events into other rows: transcripts of another version are folded anew. */
const FOLD_VERSION = 1;

/** Rows of one insert: a few milliseconds, after which other work gets its turn. */
const ROWS_PER_INSERT = 500;

/** The newest event that the stored transcript knows; 0 when there is none of this version. */
export async function transcriptCursor(db: Db, session_id: string): Promise<number> {
  const head = await db
    .selectFrom("transcripts")
    .select("cursor")
    .where("session_id", "=", session_id)
    .where("fold_version", "=", FOLD_VERSION)
    .executeTakeFirst();
  return head?.cursor ?? 0;
}

/** A session's transcript as it was last stored, to fold later events into; null when there is none of this version. */
export async function loadTranscript(db: Db, session_id: string): Promise<TranscriptState | null> {
  const head = await db
    .selectFrom("transcripts")
    .selectAll()
    .where("session_id", "=", session_id)
    .where("fold_version", "=", FOLD_VERSION)
    .executeTakeFirst();
  if (!head) return null;
  const rows = await db
    .selectFrom("transcript_rows")
    .select("row")
    .where("session_id", "=", session_id)
    .where("position", "<", head.row_count)
    .orderBy("position")
    .execute();
  return {
    rows: rows.map(({ row }): Row => JSON.parse(row)),
    view: JSON.parse(head.view),
    live: JSON.parse(head.live),
    cursor: String(head.cursor),
    partial: false,
    deferred: [],
  };
}

/**
 * Stores a whole transcript; only rows that changed since the last time are written. While it is being written there
 * is no head, so a crash costs a fold and never shows half of it. Calls for one session must not overlap.
 */
export async function saveTranscript(db: Db, session_id: string, state: TranscriptState): Promise<void> {
  const known = await transcriptCursor(db, session_id);
  // The fold leaves its event's id in every row it touches.
  const changed = state.rows.findIndex((row) => Number(row.last_event_id) > known);
  const from = changed < 0 ? state.rows.length : changed;
  await db.deleteFrom("transcripts").where("session_id", "=", session_id).execute();
  await db
    .deleteFrom("transcript_rows")
    .where("session_id", "=", session_id)
    .where("position", ">=", from)
    .execute();
  for (let start = from; start < state.rows.length; start += ROWS_PER_INSERT) {
    await insertRows(db, session_id, start, state.rows.slice(start, start + ROWS_PER_INSERT));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await db
    .insertInto("transcripts")
    .values({
      session_id,
      fold_version: FOLD_VERSION,
      cursor: Number(state.cursor),
      row_count: state.rows.length,
      view: JSON.stringify(state.view),
      live: JSON.stringify(state.live),
    })
    .execute();
}

async function insertRows(db: Db, session_id: string, from: number, rows: readonly Row[]): Promise<void> {
  await db
    .insertInto("transcript_rows")
    .values(rows.map((row, index) => ({ session_id, position: from + index, row: JSON.stringify(row) })))
    .execute();
}
