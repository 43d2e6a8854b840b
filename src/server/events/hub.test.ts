import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as fc from "fast-check";
import type { DomainEvent, Envelope } from "#src/domain/event.ts";
import { openStore, type Store } from "../store/open.ts";
import { type EventFilter, matches } from "./filter.ts";
import { createHub, type EventHub, type HubHealth } from "./hub.ts";
import type { NewEvent } from "./write-batch.ts";

let store: Store;
let hub: EventHub;
let health: HubHealth[];
const onListenerError = vi.fn();

beforeEach(async () => {
  store = await openStore(":memory:");
  health = [];
  onListenerError.mockReset();
  hub = await openHub();
});
afterEach(() => store.close());

const openHub = () =>
  createHub({
    store,
    now: () => new Date("2026-01-01T00:00:00Z"),
    onHealthChange: (next) => health.push(next),
    onListenerError,
  });
const all: EventFilter = { kind: "all" };
const text = (words: string, session_id = "s1"): NewEvent => ({
  sandbox_id: "x1",
  session_id,
  event: { event_type: "text_delta", data: { text: words } },
});
const heard = (filter: EventFilter = all): Envelope[] => {
  const events: Envelope[] = [];
  hub.subscribe(filter, (batch) => events.push(...batch));
  return events;
};
const log = () => hub.read({ filter: all, after: 0, limit: 10_000 });
const breakWrites = () =>
  sql`create trigger broken before insert on events begin select raise(abort, 'broken'); end`.execute(
    store.db,
  );
const mendWrites = () => sql`drop trigger broken`.execute(store.db);

describe("append", () => {
  test("gives rising ids in the order of the calls, and sends what it stored", async () => {
    const events = heard();
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, index) => hub.append([text(`a${index}`), text(`b${index}`)])),
    );
    expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)));
    expect(results.flat()).toEqual(events);
    expect(await log()).toEqual(events);
    expect(hub.cursor()).toBe(100);
  });

  test("puts concurrent appends into one transaction", async () => {
    const batches: number[] = [];
    hub.subscribe(all, (batch) => batches.push(batch.length));
    await Promise.all(Array.from({ length: 200 }, (_, index) => hub.append([text(String(index))])));
    expect(batches).toEqual([200]);
  });

  test("commits before it sends", async () => {
    const stored: Promise<Envelope[]>[] = [];
    hub.subscribe(all, () => stored.push(log()));
    const [envelope] = await hub.append([text("a")]);
    expect(await stored[0]).toEqual([envelope]);
  });

  test("continues after the newest event of an earlier run", async () => {
    await hub.append([text("a"), text("b")]);
    hub = await openHub();
    expect(hub.cursor()).toBe(2);
    expect((await hub.append([text("c")]))[0]?.id).toBe("3");
  });

  test("keeps the upstream's payload apart from the event", async () => {
    await hub.append([{ ...text("a"), raw: { upstream: [1] } }, text("b")]);
    const query = { filter: all, after: 0, limit: 9 };
    expect((await hub.readRaw(query)).map(({ raw }) => raw)).toEqual([{ upstream: [1] }, undefined]);
    expect((await hub.read(query)).some((event) => "raw" in event)).toBe(false);
  });

  test("data that JSON cannot hold fails its own append only", async () => {
    const event: DomainEvent = { event_type: "unparsed", data: { error: "", location: null, raw: 1n } };
    const [bad, good] = await Promise.allSettled([
      hub.append([{ sandbox_id: null, session_id: null, event }]),
      hub.append([text("a")]),
    ]);
    expect([bad.status, good.status]).toEqual(["rejected", "fulfilled"]);
  });
});

describe("a commit that fails", () => {
  test("refuses its callers, sends nothing, and the next one goes on without a gap", async () => {
    await hub.append([text("before")]);
    const events = heard();
    await breakWrites();
    const failed = await Promise.allSettled([hub.append([text("lost")]), hub.append([text("lost too")])]);
    expect(failed.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(events).toEqual([]);
    expect(hub.cursor()).toBe(1);
    expect(hub.health()).toMatchObject({ ok: false, since: "2026-01-01T00:00:00.000Z" });

    await mendWrites();
    await hub.append([text("after")]);
    expect(events.map(({ id }) => id)).toEqual(["2"]);
    expect((await log()).map(({ id }) => id)).toEqual(["1", "2"]);
    expect(health.map(({ ok }) => ok)).toEqual([false, true]);
  });

  test("on a full disk says so", async () => {
    await sql`PRAGMA max_page_count = 1`.execute(store.db);
    const alongside = async (): Promise<void> => {};
    const big = text("x".repeat(1_000_000));
    await expect(hub.append([big])).rejects.toMatchObject({ name: "StoreError", code: "full" });
    await expect(hub.append([big], { alongside })).rejects.toMatchObject({ code: "full" });
    await sql`PRAGMA max_page_count = 100000`.execute(store.db);
    expect(await hub.append([big])).toHaveLength(1);
    expect(hub.health()).toEqual({ ok: true });
  });
});

describe("alongside", () => {
  const insertToken = (id: string) => ({ id, name: id, hash: id, prefix: "", created_at: "" });

  test("commits with the events, and knows their ids", async () => {
    const envelopes = await hub.append([text("a")], {
      alongside: async (tx, stored) => {
        await tx
          .insertInto("tokens")
          .values(insertToken(`token-${stored[0]?.id}`))
          .execute();
      },
    });
    expect(await store.db.selectFrom("tokens").select("id").execute()).toEqual([
      { id: `token-${envelopes[0]?.id}` },
    ]);
  });

  test("that throws takes its own events back and nobody else's", async () => {
    const events = heard();
    const refusal = new Error("already answered");
    const outcomes = await Promise.allSettled([
      hub.append([text("a")]),
      hub.append([text("b"), text("b")], {
        alongside: async (tx) => {
          await tx.insertInto("tokens").values(insertToken("t")).execute();
          throw refusal;
        },
      }),
      hub.append([text("c")], { alongside: async () => {} }),
      hub.append([text("d")]),
    ]);
    expect(outcomes[1]).toEqual({ status: "rejected", reason: refusal });
    expect(events.map(({ id, data }) => [id, data])).toEqual([
      ["1", { text: "a" }],
      ["2", { text: "c" }],
      ["3", { text: "d" }],
    ]);
    expect(await log()).toEqual(events);
    expect(await store.db.selectFrom("tokens").selectAll().execute()).toEqual([]);
    expect(hub.health()).toEqual({ ok: true });
  });

  test("works without events", async () => {
    const alongside = vi.fn(async () => {});
    expect(await hub.append([], { alongside })).toEqual([]);
    expect(alongside).toHaveBeenCalledOnce();
  });
});

describe("subscribe", () => {
  test("one listener's fault is reported and harms no other", async () => {
    hub.subscribe(all, () => {
      throw new Error("listener");
    });
    const events = heard();
    await hub.append([text("a")]);
    expect(events).toHaveLength(1);
    expect(onListenerError).toHaveBeenCalledOnce();
  });

  test("ends when it is called off", async () => {
    const listener = vi.fn();
    hub.subscribe(all, listener)();
    await hub.append([text("a")]);
    expect(listener).not.toHaveBeenCalled();
  });
});

test("whatever is appended, the filters in SQL, in the predicate and in the fan-out agree", async () => {
  const id = fc.constantFrom("1", "2", null);
  const event: fc.Arbitrary<NewEvent> = fc.record({
    sandbox_id: id,
    session_id: id,
    event: fc.constantFrom<DomainEvent>(
      { event_type: "text_delta", data: { text: "a" } },
      { event_type: "turn_started", data: { turn_id: "t", message_id: null } },
    ),
  });
  const filter: fc.Arbitrary<EventFilter> = fc.oneof(
    fc.constant(all),
    fc.record({
      kind: fc.constant("browser" as const),
      session_ids: fc.array(fc.constantFrom("1", "2", "3"), { maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant("session" as const),
      session_id: fc.constantFrom("1", "2"),
      sandbox_id: fc.constantFrom("1", "2", null),
    }),
    fc.record({ kind: fc.constant("sandbox" as const), sandbox_id: fc.constantFrom("1", "2") }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 30 }), filter, async (events, wanted) => {
      const after = hub.cursor();
      const listened: Envelope[] = [];
      const stop = hub.subscribe(wanted, (batch) => listened.push(...batch));
      const appended = await hub.append(events);
      stop();
      const read = await hub.read({ filter: wanted, after, limit: 100 });
      expect(read).toEqual(appended.filter((stored) => matches(wanted, stored)));
      expect(listened).toEqual(read);
      expect(await hub.count({ filter: wanted, after, limit: 100 })).toBe(read.length);
      expect(await hub.read({ filter: wanted, after, limit: 2 })).toEqual(read.slice(0, 2));
    }),
  );
});
