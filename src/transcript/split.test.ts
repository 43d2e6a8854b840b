import { expect, test } from "vitest";
import { longSession } from "#src/testing/long-session.ts";
import { foldAll } from "./fold.ts";
import { emptyTranscript, fromPage, pageOf, prependPage } from "./page.ts";
import { searchRows } from "./search.ts";
import { rowsAfter, splitOf } from "./split.ts";

const whole = foldAll(emptyTranscript(), longSession(10));
const newest = fromPage(pageOf(whole, { limit: 50 }));
const older = (state: typeof newest) =>
  prependPage(state, pageOf(whole, { before: state.rows[0]?.first_event_id, limit: 50 }));

test("the cut stays while older pages come, and is gone when all are here", () => {
  const cut = splitOf(null, newest);
  expect(cut).toBe(newest.rows[0]?.first_event_id);
  const more = older(newest);
  expect(splitOf(cut, more)).toBe(cut);
  expect(splitOf(cut, older(older(older(more))))).toBeNull();
});

test("a fetch anew that begins after the cut moves it", () => {
  const cut = splitOf(null, older(newest));
  expect(splitOf(cut, newest)).toBe(newest.rows[0]?.first_event_id);
});

test("the rows on both sides of the cut are all rows", () => {
  for (let state = newest; ; state = older(state)) {
    const cut = splitOf(newest.rows[0]?.first_event_id ?? null, state);
    const before = cut === null ? [] : whole.rows.filter((row) => Number(row.first_event_id) < Number(cut));
    const parts = [before, rowsAfter(cut, state.rows)];
    expect(parts.flat()).toEqual(whole.rows);
    expect(parts.flatMap((rows) => searchRows(rows, "word 7"))).toEqual(searchRows(whole.rows, "WORD 7"));
    if (!state.partial) break;
  }
});
