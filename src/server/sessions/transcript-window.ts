import type { Envelope } from "#src/domain/event.ts";
import { compareIds } from "#src/lib/ids.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript, pageOf } from "#src/transcript/page.ts";
import { lowerBound } from "#src/transcript/row-order.ts";
import type { LiveRows, Row, TranscriptPage, TranscriptState } from "#src/transcript/rows.ts";
import type { Db } from "../store/schema.ts";
import {
  deleteTranscript,
  getTranscriptHead,
  readTranscriptRows,
  saveTranscript,
} from "../store/transcripts.ts";

/**
 * The end of one session's transcript: what later events can change. It holds the newest rows, and older ones down to
 * the first that is live (rows.ts), so every event finds its row here; what stands before is in the store, as it will
 * stay. It is not safe for two callers at once.
 */
export class TranscriptWindow {
  readonly #db: Db;
  readonly #session_id: string;
  /** How many of the newest rows it keeps; at least `LOOK_BACK`. */
  readonly #size: number;
  #state: TranscriptState;
  /** How many rows stand before the window, all of them stored. */
  #before: number;
  /** The cursor that the stored transcript is true at. */
  #saved: string;

  private constructor(db: Db, session_id: string, size: number, state: TranscriptState, before: number) {
    this.#db = db;
    this.#session_id = session_id;
    this.#size = size;
    this.#state = state;
    this.#before = before;
    this.#saved = state.cursor;
  }

  /** The end of the stored transcript, or an empty one when there is none of this version of the fold. */
  static async open(db: Db, session_id: string, size: number): Promise<TranscriptWindow> {
    const head = await getTranscriptHead(db, session_id);
    if (!head) {
      await deleteTranscript(db, session_id);
      return new TranscriptWindow(db, session_id, size, emptyTranscript(), 0);
    }
    const { cursor, view, live, row_count } = head;
    const newest = await readTranscriptRows(db, session_id, { limit: size });
    const [before, from] = [newest[0]?.first_event_id, firstLive(live)];
    const liveAbove =
      before !== undefined && from !== null && compareIds(from, before) < 0
        ? await readTranscriptRows(db, session_id, { before, from })
        : [];
    const rows = [...liveAbove, ...newest];
    const state = { rows, view, cursor, live, partial: rows.length < row_count, deferred: [] };
    return new TranscriptWindow(db, session_id, size, state, row_count - rows.length);
  }

  /** The id of the last event that was folded. */
  get cursor(): string {
    return this.#state.cursor;
  }

  /** Folds the events that came after the cursor. */
  take(events: readonly Envelope[]): void {
    this.#state = foldAll(this.#state, events);
  }

  /** Stores what changed since the last time, and lets go of rows that nothing can change any more. */
  async save(): Promise<void> {
    const { rows, view, cursor, live } = this.#state;
    if (cursor === this.#saved) return;
    // The fold leaves its event's id in every row it touches.
    const changed = rows.filter((row) => compareIds(row.last_event_id, this.#saved) > 0);
    const row_count = this.#before + rows.length;
    await saveTranscript(this.#db, this.#session_id, { cursor, view, live, row_count }, changed);
    this.#saved = cursor;
    this.#trim();
  }

  /** A page of the whole transcript; see `pageOf`. Older rows come from the store, no more than the page needs. */
  async page(before: string | null, limit: number): Promise<TranscriptPage> {
    const asked = { before: before ?? undefined, limit };
    const loaded = pageOf(this.#state, asked);
    const total_rows = this.#before + this.#state.rows.length;
    if (this.#before === 0 || loaded.rows.length >= limit) return { ...loaded, total_rows };
    const end = loaded.rows[0]?.first_event_id ?? before ?? undefined;
    // One more than fits tells whether the page is the first.
    const older = await this.#older(end, limit + 1);
    const state = { ...this.#state, rows: [...older, ...loaded.rows], partial: false };
    return { ...pageOf(state, asked), total_rows };
  }

  /** Every row, oldest first. */
  async all(): Promise<readonly Row[]> {
    const { rows } = this.#state;
    if (this.#before === 0) return rows;
    return [...(await this.#older(undefined, undefined)), ...rows];
  }

  /**
   * The rows as they are now, or those before event `before`, in parts of at most `size`, oldest first. The parts may
   * be read while others use the window: what they are read from does not change any more.
   */
  parts(before: string | undefined, size: number): AsyncGenerator<readonly Row[], void> {
    const { rows } = this.#state;
    const held = before === undefined ? rows : rows.slice(0, lowerBound(rows, before));
    const stored_end = this.#before === 0 ? null : this.#storedEnd(before);
    return readParts(this.#db, this.#session_id, { stored_end, held, size });
  }

  /** Rows of the store that stand before the window, and before `end`. */
  async #older(end: string | undefined, limit: number | undefined): Promise<Row[]> {
    return readTranscriptRows(this.#db, this.#session_id, { before: this.#storedEnd(end), limit });
  }

  /** The first row of the window, or `end` when that is older: what is stored before it, is as it will stay. */
  #storedEnd(end: string | undefined): string | undefined {
    const first = this.#state.rows[0]?.first_event_id;
    return end === undefined || (first && compareIds(first, end) < 0) ? first : end;
  }

  #trim(): void {
    const { rows, live } = this.#state;
    const live_start = lowerBound(rows, firstLive(live) ?? this.#state.cursor);
    const start = Math.min(live_start, rows.length - this.#size);
    if (start <= 0) return;
    this.#before += start;
    this.#state = { ...this.#state, rows: rows.slice(start), partial: true };
  }
}

type Parts = {
  /** Stored rows before this event come first; none when null. */
  stored_end: string | null | undefined;
  held: readonly Row[];
  size: number;
};

async function* readParts(
  db: Db,
  session_id: string,
  { stored_end, held, size }: Parts,
): AsyncGenerator<readonly Row[], void> {
  let after: string | undefined = stored_end === null ? undefined : "0";
  while (after !== undefined) {
    const range = { after, before: stored_end ?? undefined, limit: size, keep: "oldest" } as const;
    const rows: Row[] = await readTranscriptRows(db, session_id, range);
    yield rows;
    after = rows.length < size ? undefined : rows.at(-1)?.first_event_id;
  }
  for (let start = 0; start < held.length; start += size) yield held.slice(start, start + size);
}

/** The oldest row that later events may change wherever it stands. */
function firstLive({ block, tools, requests }: LiveRows): string | null {
  const ids = [...(block ? [block] : []), ...tools, ...requests].map(({ row }) => row);
  return ids.reduce<string | null>(
    (first, id) => (first === null || compareIds(id, first) < 0 ? id : first),
    null,
  );
}
