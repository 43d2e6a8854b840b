import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Envelope } from "#src/domain/event.ts";
import { arbitraryEnvelopes } from "#src/testing/arbitrary-events.ts";
import { fold, foldAll } from "./fold.ts";
import { emptyTranscript, fromPage, pageOf, prependPage } from "./page.ts";
import type { TranscriptPage, TranscriptState } from "./rows.ts";

const empty = emptyTranscript();

/** A page as a client gets it. */
function overTheWire(page: TranscriptPage): TranscriptPage {
  return JSON.parse(JSON.stringify(page)) as TranscriptPage;
}

/** What is to be seen, without `undefined`s, which the wire drops. */
function visible({ rows, view, cursor, live }: TranscriptState): unknown {
  return JSON.parse(JSON.stringify({ rows, view, cursor, live }));
}

test("any split into batches folds to the same state", () => {
  const run = fc.property(
    arbitraryEnvelopes(),
    fc.array(fc.integer({ min: 1, max: 20 })),
    (events, sizes) => {
      let state = empty;
      let start = 0;
      for (const size of sizes) {
        state = foldAll(state, events.slice(start, start + size));
        start += size;
      }
      state = foldAll(state, events.slice(start));
      expect(state).toEqual(foldAll(empty, events));
      expect(events.reduce(fold, empty)).toEqual(state);
    },
  );
  fc.assert(run, { numRuns: 200 });
});

test("what was delivered before changes nothing and gives the same reference", () => {
  const run = fc.property(arbitraryEnvelopes({ minLength: 1 }), fc.nat(), fc.nat(), (events, a, b) => {
    const whole = foldAll(empty, events);
    expect(foldAll(whole, events)).toBe(whole);
    const cut = a % (events.length + 1);
    const again = b % (cut + 1);
    const prefix = foldAll(empty, events.slice(0, cut));
    expect(foldAll(prefix, events.slice(again))).toEqual(whole);
    const twice = events.flatMap((event) => [event, event]);
    expect(foldAll(empty, twice)).toEqual(whole);
  });
  fc.assert(run, { numRuns: 200 });
});

test("events that change a row leave every other row and the older state untouched", () => {
  const run = fc.property(arbitraryEnvelopes({ minLength: 1 }), (events) => {
    let state = empty;
    for (const event of events) {
      const frozen = structuredClone(state);
      const next = fold(state, event);
      expect(state).toEqual(frozen);
      for (const [index, row] of state.rows.entries()) {
        const now = next.rows[index];
        if (now !== row) expect(now?.last_event_id).toBe(event.id);
      }
      if (
        next.rows.every((row, index) => row === state.rows[index]) &&
        next.rows.length === state.rows.length
      ) {
        expect(next.rows).toBe(state.rows);
      }
      state = next;
    }
  });
  fc.assert(run, { numRuns: 60 });
});

test("keys are unique and rows stand in the order of the events that opened them", () => {
  const run = fc.property(arbitraryEnvelopes(), (events) => {
    const { rows } = foldAll(empty, events);
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
    const ids = rows.map((row) => Number(row.first_event_id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });
  fc.assert(run);
});

type Step = { fold: number; page: { limit: number; lead: number } | null };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    fold: fc.nat(12),
    page: fc.option(fc.record({ limit: fc.integer({ min: 1, max: 12 }), lead: fc.nat(20) })),
  }),
  { maxLength: 12 },
);

/**
 * A client that opens the session at `cut` and then, in any interleaving, follows the stream and loads older pages.
 * The server makes each page when it has folded `server` events: never fewer than at the first page, more or fewer
 * than the client has when the page comes.
 */
function follow(events: Envelope[], cut: number, plan: Step[]): TranscriptState {
  const at = (count: number) => foldAll(empty, events.slice(0, count));
  let client = fromPage(overTheWire(pageOf(at(cut), { limit: 1 })));
  let seen = cut;
  let server = cut;
  const load = (limit: number) => {
    const before = client.rows[0]?.first_event_id;
    client = prependPage(client, overTheWire(pageOf(at(server), { before, limit })));
  };
  for (const step of plan) {
    client = foldAll(client, events.slice(seen, seen + step.fold));
    seen = Math.min(events.length, seen + step.fold);
    if (!step.page) continue;
    server = Math.min(events.length, Math.max(server, cut + step.page.lead));
    if (client.partial) load(step.page.limit);
  }
  client = foldAll(client, events.slice(seen));
  while (client.partial) load(7);
  return client;
}

test("pages and the stream make what the whole fold makes", () => {
  const events = arbitraryEnvelopes({ minLength: 40, maxLength: 220 });
  const run = fc.property(events, fc.nat(), steps, (events, cut, plan) => {
    const client = follow(events, cut % (events.length + 1), plan);
    expect(client.deferred).toEqual([]);
    expect(visible(client)).toEqual(visible(foldAll(empty, events)));
  });
  fc.assert(run, { numRuns: 300 });
});
