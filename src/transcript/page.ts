import { compareIds } from "#src/lib/ids.ts";
import { applyToRow } from "./apply.ts";
import { LOOK_BACK } from "./limits.ts";
import { findRow, lowerBound } from "./row-order.ts";
import type { DeferredEvent, Row, SessionView, TranscriptPage, TranscriptState } from "./rows.ts";
import { cloneRow } from "./working.ts";

const emptyView: SessionView = {
  turn: null,
  ended_turn_id: null,
  plan: [],
  usage: null,
  commands: [],
  options: [],
  queue: [],
  title: null,
};

const emptyState: TranscriptState = {
  rows: [],
  view: emptyView,
  cursor: "0",
  partial: false,
  live: { block: null, tools: [], requests: [] },
  deferred: [],
};

/** A session of which nothing has been folded. */
export function emptyTranscript(): TranscriptState {
  return emptyState;
}

/**
 * A page of rows, the newest first (design §4). `before` is the `next_before` of the page after it: the
 * `first_event_id` of that page's first row. `limit` is in rows; the newest page holds at least `LOOK_BACK`, since
 * that is what a client needs to go on folding from it.
 */
export function pageOf(
  state: TranscriptState,
  { before, limit }: { before?: string | undefined; limit: number },
): TranscriptPage {
  const end = before === undefined ? state.rows.length : lowerBound(state.rows, before);
  const size = before === undefined ? Math.max(limit, LOOK_BACK) : limit;
  const start = Math.max(0, end - size);
  const rows = state.rows.slice(start, end);
  const more = start > 0 || state.partial;
  return {
    rows,
    next_before: more ? (rows[0]?.first_event_id ?? before ?? null) : null,
    cursor: state.cursor,
    view: state.view,
    live: state.live,
    total_rows: state.rows.length,
  };
}

/** The state that the newest page is true at; the stream goes on from its cursor. */
export function fromPage(page: TranscriptPage): TranscriptState {
  return {
    rows: page.rows,
    view: page.view,
    cursor: page.cursor,
    partial: page.next_before !== null,
    live: page.live,
    deferred: [],
  };
}

/**
 * Puts the next older page before the rows. Rows that are here stay as they are: the stream brings them up to date.
 * Events that came for the page's rows before the page did are folded into them now, unless the page had them already,
 * so it does not matter whether the page was made before or after the state's cursor.
 */
export function prependPage(state: TranscriptState, page: TranscriptPage): TranscriptState {
  if (!state.partial) return state;
  const first = state.rows[0];
  const older = first ? page.rows.slice(0, lowerBound(page.rows, first.first_event_id)) : page.rows;
  const partial = page.next_before !== null;
  if (older.length === 0 && partial) return state;
  const rows = [...older];
  for (const deferred of state.deferred) applyDeferred(rows, deferred);
  const start = rows[0]?.first_event_id ?? null;
  return {
    ...state,
    rows: [...rows, ...state.rows],
    partial,
    deferred: partial && start !== null ? state.deferred.filter(({ row }) => compareIds(row, start) < 0) : [],
  };
}

function applyDeferred(rows: Row[], { row: ref, envelope }: DeferredEvent): void {
  const index = findRow(rows, ref);
  const row = rows[index];
  if (!row || compareIds(row.last_event_id, envelope.id) >= 0) return;
  const clone = cloneRow(row);
  applyToRow(clone, envelope);
  rows[index] = clone;
}
