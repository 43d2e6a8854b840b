import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { arbitraryEnvelopes } from "#src/testing/arbitrary-events.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript, fromPage, pageOf, prependPage } from "#src/transcript/page.ts";
import type { Row, RowBody } from "#src/transcript/rows.ts";
import { type Item, ItemModel } from "./item-model.ts";

function row(id: number, body: RowBody): Row {
  const event = String(id);
  return {
    key: `${body.kind}:${id}`,
    turn_id: "turn",
    first_event_id: event,
    last_event_id: event,
    at: "2026-01-01T00:00:00Z",
    ...body,
  };
}
const user = (id: number) => row(id, { kind: "user", message_id: "m", content: [], author: null });
const text = (id: number, words: string, open = false) =>
  row(id, { kind: "text", block_id: null, text: words, open, complete: !open });
const closed = () => false;

/** A finished block keeps the row that it was made of; only the last one shows what becomes of the row. */
const shown = (item: Item | undefined) =>
  item?.kind === "block" && !item.last ? { ...item, row: item.row.key } : item;

describe("ItemModel", () => {
  it("makes one item for each block of a text", () => {
    const model = new ItemModel();
    model.update([user(1), text(2, "# A\n\none\n\ntwo"), text(3, "more")], closed);
    expect(model.list().keys).toEqual(["user:1", "text:2", "text:2/1", "text:2/2", "text:3"]);
    expect(model.list().keys.map((key) => model.item(key)?.lead)).toEqual([false, true, false, false, false]);
  });

  it("tells only the last block of a delta", () => {
    const model = new ItemModel();
    model.update([user(1), text(2, "one\n\ntw", true)], closed);
    const keys = vi.fn();
    const first = vi.fn();
    const last = vi.fn();
    model.subscribeKeys(keys);
    model.subscribeItem("text:2", first);
    model.subscribeItem("text:2/1", last);
    const before = model.list();
    model.update([user(1), text(2, "one\n\ntwo", true)], closed);
    expect([keys, first, last].map((listener) => listener.mock.calls.length)).toEqual([0, 0, 1]);
    expect(model.list()).toBe(before);
    model.update([user(1), text(2, "one\n\ntwo\n\nthree", true)], closed);
    expect(keys).toHaveBeenCalledTimes(1);
    expect(model.list().keys).toHaveLength(4);
  });

  it("changes nothing when the rows are the same", () => {
    const model = new ItemModel();
    const rows = [user(1), text(2, "one\n\ntwo", true)];
    model.update(rows, closed);
    const items = model.list().keys.map((key) => model.item(key));
    model.update([...rows], closed);
    expect(model.list().keys.map((key) => model.item(key))).toEqual(items);
    expect(model.item("text:2/1")).toBe(items[2]);
  });

  it("says when items only came in front", () => {
    const model = new ItemModel();
    model.update([user(5)], closed);
    model.update([user(5), user(6)], closed);
    expect(model.list().shift).toBe(false);
    model.update([user(1), text(2, "a"), user(5), user(6)], closed);
    expect(model.list().shift).toBe(true);
  });

  it("leaves alone what older rows come before, but for the name of who speaks", () => {
    const model = new ItemModel();
    const rows = [text(5, "a\n\nb"), user(6), text(7, "c"), text(8, "d")];
    model.update(rows, closed);
    const { keys } = model.list();
    const items = keys.map((key) => model.item(key));
    const told = vi.fn();
    keys.forEach((key) => model.subscribeItem(key, () => told(key)));
    model.update([user(1), text(2, "x"), ...rows], closed);
    expect(told.mock.calls).toEqual([["text:5"]]);
    expect(keys.slice(1).map((key) => model.item(key))).toEqual(items.slice(1));
    expect(model.item("text:7")).toBe(items[3]);
    expect(model.list().keys).toEqual(["user:1", "text:2", ...keys]);
  });

  it("finds the place of a row, and of a letter in a long one", () => {
    const model = new ItemModel();
    model.update([user(1), text(2, "\n\none\n\n[a]: /b\n\ntwo"), user(3)], closed);
    const place = (row_key: string, offset?: number) => {
      const found = model.placeOfRow(row_key, offset);
      return found && [found.index, found.item_key, found.start];
    };
    expect(place("user:3")).toEqual([3, "user:3", 0]);
    expect(place("user:9")).toBeNull();
    expect([place("text:2"), place("text:2", 4)]).toEqual([
      [1, "text:2", 0],
      [1, "text:2", 0],
    ]);
    expect([place("text:2", 16), place("text:2", 99)]).toEqual([
      [2, "text:2/1", 16],
      [2, "text:2/1", 16],
    ]);
  });

  it("names the agent again after each turn", () => {
    const model = new ItemModel();
    model.update([user(1), text(2, "a"), user(3), text(4, "b")], closed);
    expect(model.list().keys.filter((key) => model.item(key)?.lead)).toEqual(["text:2", "text:4"]);
  });

  it("is, after any changes, what it would be made at once, and told every one of them", () => {
    const steps = fc.array(fc.record({ events: fc.nat(20), older: fc.boolean(), open: fc.boolean() }), {
      maxLength: 12,
    });
    const run = fc.property(
      arbitraryEnvelopes({ minLength: 60, maxLength: 200 }),
      fc.nat(),
      steps,
      (events, cut, plan) => {
        let at = cut % events.length;
        const server = foldAll(emptyTranscript(), events);
        let state = fromPage(pageOf(foldAll(emptyTranscript(), events.slice(0, at)), { limit: 1 }));
        const model = new ItemModel();
        const seen = new Map<string, unknown>();
        const stops = new Map<string, () => void>();
        for (const step of plan) {
          state = foldAll(state, events.slice(at, at + step.events));
          at += step.events;
          const before = state.rows[0]?.first_event_id;
          if (step.older && state.partial) state = prependPage(state, pageOf(server, { before, limit: 9 }));
          model.update(state.rows, () => step.open);
          const fresh = new ItemModel();
          fresh.update(state.rows, () => step.open);
          const { keys } = model.list();
          expect(keys).toEqual(fresh.list().keys);
          for (const key of new Set([...keys, ...seen.keys()])) {
            expect(shown(model.item(key))).toEqual(shown(fresh.item(key)));
            // Whoever reads an item was told of its change.
            if (stops.has(key)) expect(seen.get(key)).toBe(model.item(key));
            seen.set(key, model.item(key));
            stops.get(key)?.();
            stops.set(
              key,
              model.subscribeItem(key, () => seen.set(key, model.item(key))),
            );
          }
        }
      },
    );
    fc.assert(run, { numRuns: 100 });
  });
});
