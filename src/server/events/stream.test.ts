import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KEEPALIVE_MS } from "#src/contract/stream.ts";
import { openStore, type Store } from "../store/open.ts";
import type { EventFilter } from "./filter.ts";
import { createHub, type EventHub } from "./hub.ts";
import type { ReaderLimits } from "./reader.ts";
import type { Schedule } from "./schedule.ts";
import { openStream, type StreamOptions } from "./stream.ts";
import type { NewEvent } from "./write-batch.ts";

let store: Store;
let hub: EventHub;
beforeEach(async () => {
  store = await openStore(":memory:");
  hub = await createHub({
    store,
    now: () => new Date("2026-01-01T00:00:00Z"),
    onListenerError: (error) => {
      throw error;
    },
  });
});
afterEach(() => store.close());

const all: EventFilter = { kind: "all" };
const never: Schedule = () => () => {};
const text = (words: string, session_id = "s1"): NewEvent => ({
  sandbox_id: "x1",
  session_id,
  event: { event_type: "text_delta", data: { text: words } },
});
const numbered = (from: number, to: number): NewEvent[] =>
  Array.from({ length: to - from + 1 }, (_, index) => text(String(from + index)));
const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

type Frame = { id: string | null; event: string; data: Record<string, unknown> };

/** A client that reads frames one by one, when asked. */
function connect(options: Partial<StreamOptions> & { after?: string | null } = {}) {
  const reader = openStream({ hub, filter: all, after: null, every: never, ...options }).getReader();
  const decoder = new TextDecoder();
  const frames: Frame[] = [];
  let rest = "";
  const next = async (): Promise<Frame | null> => {
    while (frames.length === 0) {
      const { done, value } = await reader.read();
      if (done) return null;
      const parts = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = parts.pop() ?? "";
      frames.push(...parts.map(parseFrame));
    }
    return frames.shift()!;
  };
  return {
    next,
    take: async (count: number): Promise<Frame[]> => {
      const taken: Frame[] = [];
      while (taken.length < count) taken.push((await next())!);
      return taken;
    },
    cancel: () => reader.cancel(),
  };
}

function parseFrame(frame: string): Frame {
  const fields = Object.fromEntries(frame.split("\n").map((line) => line.split(/: (.*)/s, 2)));
  return { id: fields.id ?? null, event: fields.event, data: JSON.parse(fields.data) };
}

const resume = (status: "ok" | "gap", cursor: string): Frame => ({
  id: null,
  event: "resume",
  data: { status, cursor },
});

describe("the first frame", () => {
  test.each<[string, string | null, Partial<ReaderLimits>, Frame, string[]]>([
    ["without a cursor: what comes from now on", null, {}, resume("ok", "5"), ["6"]],
    ["after the newest: the same", "5", {}, resume("ok", "5"), ["6"]],
    ["after an older one: replays", "2", {}, resume("ok", "2"), ["3", "4", "5", "6"]],
    ["from the start: replays everything", "0", {}, resume("ok", "0"), ["1", "2", "3", "4", "5", "6"]],
    ["of the future: a gap", "7", {}, resume("gap", "5"), ["6"]],
    ["beyond any number: a gap", "9".repeat(19), {}, resume("gap", "5"), ["6"]],
    ["of another server: a gap", "evt_1", {}, resume("gap", "5"), ["6"]],
    ["as old as may be: replays", "2", { replay: 3 }, resume("ok", "2"), ["3", "4", "5", "6"]],
    ["too old: a gap", "1", { replay: 3 }, resume("gap", "5"), ["6"]],
  ])("%s", async (_name, after, limits, first, following) => {
    await hub.append(numbered(1, 5));
    const client = connect({ after, limits });
    expect(await client.next()).toEqual(first);
    await hub.append([text("6")]);
    expect((await client.take(following.length)).map(({ id }) => id)).toEqual(following);
    await client.cancel();
  });
});

test("a frame has the event's id, its type and the whole envelope on one line", async () => {
  const client = connect();
  await client.next();
  const [envelope] = await hub.append([text('two\nlines \u2028 and a quote "')]);
  expect(await client.next()).toEqual({ id: "1", event: "text_delta", data: envelope });
  await client.cancel();
});

test("resuming at any point while events come gives the whole log, once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 2_000 }),
      async (batches, cuts, page, buffer_bytes) => {
        const start = hub.cursor();
        const total = batches.reduce((sum, size) => sum + size, 0);
        const expected = ids(start + 1, start + total);
        // Nothing waits for the appends: they go on while clients come and go.
        const appends = batches.map((size) => hub.append(numbered(1, size)));
        const seen: string[] = [];
        let after = String(start);
        for (const cut of cuts) {
          const client = connect({ after, limits: { page, buffer_bytes } });
          expect(await client.next()).toEqual(resume("ok", after));
          for (let read = 0; read < cut && seen.length < total; read += 1)
            seen.push((await client.next())!.id!);
          await client.cancel();
          after = seen.at(-1) ?? after;
        }
        const last = connect({ after, limits: { page, buffer_bytes } });
        await last.next();
        while (seen.length < total) seen.push((await last.next())!.id!);
        await last.cancel();
        await Promise.all(appends);
        expect(seen).toEqual(expected);
      },
    ),
    { numRuns: 60 },
  );
});

describe("a reader that does not read", () => {
  test("loses nothing, and is served from the store", async () => {
    const reads: number[] = [];
    const spied = {
      ...hub,
      read: async (query: Parameters<EventHub["read"]>[0]) => {
        const events = await hub.read(query);
        reads.push(events.length);
        return events;
      },
    };
    const client = connect({ hub: spied, limits: { buffer_bytes: 1_000, page: 50 } });
    await client.next();
    for (let batch = 0; batch < 10; batch += 1)
      await hub.append(numbered(batch * 100 + 1, batch * 100 + 100));
    expect((await client.take(1_000)).map(({ id }) => id)).toEqual(ids(1, 1_000));
    expect(Math.max(...reads)).toBeLessThanOrEqual(50);
    expect(reads.length).toBeGreaterThan(15);

    const before = reads.length;
    await hub.append([text("live again")]);
    expect((await client.next())?.id).toBe("1001");
    expect(reads.length).toBe(before);
    await client.cancel();
  });

  test("takes an event that is larger than its whole buffer", async () => {
    const client = connect({ limits: { buffer_bytes: 100 } });
    await client.next();
    await hub.append([text("x".repeat(10_000)), text("y")]);
    expect((await client.take(2)).map(({ id }) => id)).toEqual(["1", "2"]);
    await client.cancel();
  });
});

describe("keepalive", () => {
  test("comes every 15 s when nothing else does, and moves the cursor past events for others", async () => {
    let beat = (): void => {};
    const every: Schedule = (run, delay_ms) => {
      expect(delay_ms).toBe(KEEPALIVE_MS);
      beat = run;
      return () => {};
    };
    const client = connect({ every, filter: { kind: "session", session_id: "s1", sandbox_id: null } });
    await client.next();
    await hub.append([text("not for it", "s2")]);
    beat();
    expect(await client.next()).toEqual({ id: "1", event: "keepalive", data: {} });
    await client.cancel();
  });
});

describe("the end", () => {
  const subscribers = () => {
    let count = 0;
    const counting: Pick<EventHub, "subscribe"> = {
      subscribe: (...args) => {
        count += 1;
        const stop = hub.subscribe(...args);
        return () => {
          count -= 1;
          stop();
        };
      },
    };
    return { hub: { ...hub, ...counting }, count: () => count };
  };

  test.each(["while it waits", "before it starts"])(
    "comes with a signal %s, and frees everything",
    async (when) => {
      const counted = subscribers();
      let timers = 0;
      const every: Schedule = () => {
        timers += 1;
        return () => {
          timers -= 1;
        };
      };
      const controller = new AbortController();
      if (when === "before it starts") controller.abort();
      const client = connect({
        hub: counted.hub,
        every,
        signals: [new AbortController().signal, controller.signal],
      });
      if (when === "while it waits") expect(await client.next()).toEqual(resume("ok", "0"));
      const end = client.next();
      controller.abort();
      expect(await end).toBeNull();
      expect([counted.count(), timers]).toEqual([0, 0]);
    },
  );

  test("comes when the client goes, and frees everything", async () => {
    const counted = subscribers();
    const client = connect({ hub: counted.hub });
    await client.next();
    expect(counted.count()).toBe(1);
    await client.cancel();
    expect(counted.count()).toBe(0);
  });

  test("comes as an error when the store fails, so that the client comes back", async () => {
    const counted = subscribers();
    await hub.append([text("a")]);
    const failing = { ...counted.hub, read: () => Promise.reject(new Error("disk")) };
    const client = connect({ hub: failing, after: "0" });
    await client.next();
    await expect(client.next()).rejects.toThrow("disk");
    expect(counted.count()).toBe(0);
  });
});
