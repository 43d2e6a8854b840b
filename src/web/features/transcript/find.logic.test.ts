import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Row } from "#src/transcript/rows.ts";
import { searchRows } from "#src/transcript/search.ts";
import {
  firstMatch,
  type Found,
  joinFound,
  matchAt,
  occurrences,
  rowSearcher,
  stepMatch,
} from "./find.logic.ts";

function notice(id: number, text: string): Row {
  const event = String(id);
  return {
    kind: "notice",
    key: `notice:${id}`,
    turn_id: null,
    first_event_id: event,
    last_event_id: event,
    at: "",
    text,
  };
}

const match = (id: number, count: number) => ({ row_key: `notice:${id}`, count });
const found: Found = joinFound({ rows: [match(2, 1), match(5, 2)], total: 3 }, [match(10, 2)]);
/** Two matches more than the server's answer has rows for. */
const cut: Found = joinFound({ rows: [match(5, 2)], total: 4 }, [match(10, 1)]);

test("what the server and the page found is counted as one", () => {
  expect([found.total, found.skipped, cut.total, cut.skipped]).toEqual([5, 0, 5, 2]);
  expect(joinFound(null, [match(1, 3)])).toEqual({ rows: [match(1, 3)], total: 3, skipped: 0 });
});

describe("going from match to match", () => {
  it.each([
    [0, 1, 1],
    [4, 1, 0],
    [0, -1, 4],
  ] as const)("from %i by %i is %i", (current, by, next) => {
    expect(stepMatch(found, current, by)).toBe(next);
  });

  it("leaves out what is only counted, and finds nowhere to go without matches", () => {
    expect([stepMatch(cut, 4, 1), stepMatch(cut, 2, -1)]).toEqual([2, 4]);
    expect([matchAt(cut, 1), matchAt(cut, 2)]).toEqual([null, { row_key: "notice:5", place: 0 }]);
    const none = joinFound(null, []);
    expect([stepMatch(none, -1, 1), firstMatch(none, null, 1), matchAt(none, 0)]).toEqual([-1, -1, null]);
  });

  it.each([
    ["notice:5", 1, 1],
    ["text:6", 1, 3],
    ["notice:1", 1, 0],
    ["notice:11", 1, 4],
    [null, 1, 4],
    ["notice:5", -1, 0],
    ["notice:10", -1, 2],
    ["notice:2", -1, 4],
  ] as const)("begins from %s by %i at %i", (top, by, at) => {
    expect(firstMatch(found, top, by)).toBe(at);
  });

  it("reaches every match, in order", () => {
    const rows = fc.uniqueArray(
      fc.record({ id: fc.integer({ min: 1, max: 99 }), count: fc.integer({ min: 1, max: 4 }) }),
      {
        selector: ({ id }) => id,
      },
    );
    const property = fc.property(rows, fc.nat(5), (given, skipped) => {
      const own = given.toSorted((a, b) => a.id - b.id).map(({ id, count }) => match(id, count));
      const all = joinFound({ rows: [], total: skipped }, own);
      const places = own.flatMap(({ row_key, count }) =>
        Array.from({ length: count }, (_, place) => ({ row_key, place })),
      );
      expect(places.map((_, at) => matchAt(all, skipped + at))).toEqual(places);
      expect(matchAt(all, skipped + places.length)).toBeNull();
    });
    fc.assert(property);
  });
});

test("rows that change are searched again, the others only once", () => {
  const rows = [notice(1, "a needle"), notice(2, "hay"), notice(3, "needle needle")];
  const search = rowSearcher("Needle");
  expect(search(rows)).toEqual(searchRows(rows, "needle"));
  let reads = 0;
  const watched = rows.map((row) => row);
  const [first] = watched;
  Object.defineProperty(first, "text", { get: () => ((reads += 1), "a needle") });
  expect(search([...watched, notice(4, "needle")])).toEqual([match(1, 1), match(3, 2), match(4, 1)]);
  expect(reads).toBe(0);
});

it.each([
  ["Aa aA", "aa", [0, 3]],
  ["aaa", "aa", [0]],
  ["text", "", []],
  ["İstanbul", "i", []],
])("%j has %j at %j", (text, query, places) =>
  expect(occurrences(text, query).map(({ start }) => start)).toEqual(places),
);
