import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { Envelope } from "#src/domain/event.ts";
import { createStore } from "#src/lib/store.ts";
import { delta, FakeChannel, FakeClock, FakeSource, listed, settled } from "./fake-stream.ts";
import { Hub } from "./hub.ts";
import { startLeader } from "./leader.ts";
import { connecting } from "./status.ts";

/** A server with a log, and a browser of tabs over it. */
function setUp() {
  const log: Envelope[] = [];
  const channel = new FakeChannel();
  const clock = new FakeClock();
  const sources: FakeSource[] = [];
  const gone = new Map<string, () => void>();
  const fetches: string[] = [];
  let leaders = 0;

  const after = (cursor: string) => log.filter(({ id }) => Number(id) > Number(cursor));
  const head = () => log.at(-1)?.id ?? "0";

  /** What the server does when a stream opens: the verdict, then everything after the cursor. */
  const accept = (source: FakeSource) => {
    const cursor = source.url.searchParams.get("after");
    source.resume(cursor ?? head());
    for (const envelope of after(cursor ?? head())) if (wants(source, envelope)) source.event(envelope);
  };
  const wants = (source: FakeSource, { event_type, session_id }: Envelope) =>
    event_type === "session_updated" ||
    (source.url.searchParams.get("sessions") ?? "").split(",").includes(session_id ?? "");

  return {
    log,
    channel,
    clock,
    sources,
    gone,
    fetches,
    accept,
    newest: () => sources.at(-1)!,
    /** Stores an event and sends it to the stream that is open. */
    store: (envelope: Envelope) => {
      log.push(envelope);
      const source = sources.at(-1);
      if (source && !source.isClosed && wants(source, envelope)) source.event(envelope);
    },
    tab: (name: string) => {
      const hub = new Hub({
        bus: channel.bus(name),
        status: createStore(connecting),
        onSignedOut: () => {},
        fetchEvents: async (session_id, cursor) => {
          fetches.push(`${session_id} after ${cursor}`);
          const items = after(cursor).filter((envelope) => envelope.session_id === session_id);
          return { items: items.slice(0, 2), next_cursor: items.length > 2 ? items[1]!.id : null };
        },
      });
      hub.join(name);
      return hub;
    },
    lead: (position: string | null = null, tab = "one") => {
      leaders += 1;
      const leader = startLeader({
        bus: channel.bus(tab),
        tab,
        clock,
        name: `leader-${leaders}`,
        term: leaders,
        url: "/stream",
        position,
        random: () => 0,
        diagnose: async () => ({ kind: "answers" }),
        whenGone: (other, action) => gone.set(other, action),
        openSource: (url) => {
          const source = new FakeSource(url);
          sources.push(source);
          return source;
        },
      });
      return leader;
    },
  };
}

function reader() {
  const ids: number[] = [];
  const onGap = vi.fn();
  return { ids, onGap, onEvents: (all: readonly Envelope[]) => ids.push(...all.map(({ id }) => Number(id))) };
}

describe("the browser's one stream", () => {
  it("names the sessions of every tab in one stream and gives each reader its own", async () => {
    const browser = setUp();
    const [one, other] = [browser.tab("one"), browser.tab("other")];
    const [a, b] = [reader(), reader()];
    one.watchSession("a", "0", a);
    other.watchSession("b", "0", b);
    browser.lead();
    await settled();
    browser.clock.advance(30);
    expect(browser.newest().url.searchParams.get("sessions")).toBe("a,b");
    browser.accept(browser.newest());
    await settled();
    browser.store(delta(1, "a"));
    browser.store(delta(2, "b"));
    expect([a.ids, b.ids]).toEqual([[1], [2]]);
    expect(browser.sources).toHaveLength(1);
  });

  it("follows the newest leader though one that was frozen still speaks", async () => {
    const browser = setUp();
    const hub = browser.tab("one");
    const a = reader();
    hub.watchSession("a", "0", a);
    browser.lead();
    await settled();
    browser.clock.advance(30);
    browser.accept(browser.newest());
    const [frozen] = browser.sources;
    const told = browser.channel.posted.filter(({ type }) => type === "opened" || type === "status");

    browser.lead(hub.position, "other");
    await settled();
    browser.clock.advance(30);
    browser.accept(browser.newest());
    for (const message of told) browser.channel.carry(message);
    browser.store(delta(1, "a"));
    expect(a.ids).toEqual([1]);
    expect(frozen?.isClosed).toBe(true);
  });

  it("opens again from where it is when a session joins, and not when one leaves", async () => {
    const browser = setUp();
    const hub = browser.tab("one");
    browser.lead();
    browser.clock.advance(30);
    browser.accept(browser.newest());
    browser.store(listed(1, "a"));
    const a = reader();
    const stop = hub.watchSession("a", "1", a);
    await settled();
    expect(browser.sources).toHaveLength(2);
    expect(browser.newest().url.search).toBe("?sessions=a&after=1");
    browser.accept(browser.newest());
    browser.store(delta(2, "a"));
    stop();
    await settled();
    browser.store(delta(3, "a"));
    expect(a.ids).toEqual([2]);
    expect(browser.sources).toHaveLength(2);
  });

  it("fetches what a reader missed before the stream began, page by page, and holds the new back meanwhile", async () => {
    const browser = setUp();
    for (const id of [1, 2, 3, 4, 5]) browser.log.push(delta(id, "a"));
    const hub = browser.tab("one");
    const a = reader();
    hub.watchSession("a", "1", a);
    browser.lead();
    await settled();
    browser.clock.advance(30);
    browser.accept(browser.newest());
    browser.store(delta(6, "a"));
    expect(a.ids).toEqual([]);
    await settled();
    expect(a.ids).toEqual([2, 3, 4, 5, 6]);
    expect(browser.fetches).toEqual(["a after 1", "a after 3"]);
  });

  it("asks a reader for a fresh start when the log went back, and tells lists of every gap", async () => {
    const browser = setUp();
    const hub = browser.tab("one");
    const [a, lists] = [reader(), reader()];
    hub.watchLists(lists);
    hub.watchSession("a", "90", a);
    browser.lead("90");
    await settled();
    browser.clock.advance(30);
    browser.newest().resume("3", "gap");
    await settled();
    expect(lists.onGap).toHaveBeenCalledTimes(1);
    expect(a.onGap).toHaveBeenCalledOnce();
  });

  it("gives lists what concerns lists, and a gap only when something may be missing", async () => {
    const browser = setUp();
    const hub = browser.tab("one");
    const lists = reader();
    hub.watchLists(lists);
    hub.watchSession("a", "0", reader());
    browser.lead();
    await settled();
    browser.clock.advance(30);
    browser.accept(browser.newest());
    browser.store(delta(1, "a"));
    browser.store(listed(2, "b"));
    expect(lists.ids).toEqual([2]);
    expect(lists.onGap).toHaveBeenCalledTimes(1); // the first opening: lists may be older

    browser.newest().break();
    browser.log.push(listed(3, "b"));
    browser.clock.advance(1000);
    browser.accept(browser.newest());
    expect(lists.ids).toEqual([2, 3]);
    expect(lists.onGap).toHaveBeenCalledTimes(1);
  });

  it("forgets what a closed tab read at the next opening", async () => {
    const browser = setUp();
    browser.tab("one").watchSession("a", "0", reader());
    browser.tab("other").watchSession("b", "0", reader());
    browser.lead();
    await settled();
    browser.clock.advance(30);
    browser.accept(browser.newest());
    browser.gone.get("other")!();
    browser.newest().break();
    browser.clock.advance(1000);
    expect(browser.newest().url.searchParams.get("sessions")).toBe("a");
  });

  it("says nothing to other tabs while there are none", async () => {
    const browser = setUp();
    const a = reader();
    browser.tab("one").watchSession("a", "0", a);
    browser.lead();
    await settled();
    browser.clock.advance(30);
    browser.accept(browser.newest());
    const carried = () => browser.channel.posted.filter(({ type }) => type === "event").length;
    browser.store(delta(1, "a"));
    expect([a.ids, carried()]).toEqual([[1], 0]);

    browser.tab("late").watchLists(reader());
    await settled();
    browser.store(delta(2, "a"));
    expect([a.ids, carried()]).toEqual([[1, 2], 1]);

    browser.gone.get("late")!();
    browser.store(delta(3, "a"));
    expect([a.ids, carried()]).toEqual([[1, 2, 3], 1]);
  });

  it("gives a tab that opens amid a stream everything from where it is on", async () => {
    const browser = setUp();
    const a = reader();
    browser.tab("one").watchSession("a", "0", a);
    browser.lead();
    await settled();
    browser.clock.advance(30);
    browser.accept(browser.newest());
    browser.store(delta(1, "a"));
    const late = reader();
    browser.tab("late").watchSession("a", "1", late);
    browser.store(delta(2, "a")); // before the leader has heard of the tab
    await settled();
    browser.store(delta(3, "a"));
    await settled();
    expect(late.ids).toEqual([2, 3]);
    expect(a.ids).toEqual([1, 2, 3]);
    expect(browser.sources).toHaveLength(1);
  });

  it("ignores a late word of a former leader", async () => {
    const browser = setUp();
    const a = reader();
    browser.tab("one").watchSession("a", "0", a);
    browser.lead();
    await settled();
    browser.clock.advance(30);
    browser.accept(browser.newest());
    browser.channel.bus("one").post({ type: "event", stream: "leader-0.1", envelope: delta(9, "a") });
    browser.store(delta(1, "a"));
    expect(a.ids).toEqual([1]);
  });

  it("delivers every event of a session exactly once and in order, whatever happens in between", async () => {
    const step = fc.constantFrom(
      "store a",
      "store b",
      "store list",
      "break",
      "new leader",
      "open c",
      "join a",
      "pause",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.nat(3), async (steps, known) => {
        const browser = setUp();
        for (let id = 1; id <= 3; id += 1) browser.log.push(delta(id, "a"));
        const hub = browser.tab("one");
        const a = reader();
        hub.watchSession("a", String(known), a);
        const joined: { from: number; a: ReturnType<typeof reader> }[] = [];
        let leader = browser.lead();
        const connect = async () => {
          await settled();
          browser.clock.advance(20_000);
          if (!browser.newest().isClosed) browser.accept(browser.newest());
          await settled();
        };
        await connect();
        for (const what of steps) {
          const id = browser.log.length + 1;
          if (what === "store a") browser.store(delta(id, "a"));
          if (what === "store b") browser.store(delta(id, "b"));
          if (what === "store list") browser.store(listed(id, "b"));
          if (what === "break") browser.newest().break();
          if (what === "pause") await connect();
          if (what === "open c") browser.tab(`tab-${id}`).watchSession(`c-${id}`, "0", reader());
          if (what === "join a") {
            const late = { from: id - 1, a: reader() };
            joined.push(late);
            browser.tab(`tab-${id}-${joined.length}`).watchSession("a", String(late.from), late.a);
          }
          if (what === "new leader") {
            leader.stop();
            leader = browser.lead(hub.position);
          }
        }
        browser.newest().break();
        await connect();
        const expected = browser.log
          .filter(({ session_id }) => session_id === "a")
          .map(({ id }) => Number(id));
        expect(a.ids).toEqual(expected.filter((id) => id > known));
        expect(a.onGap).not.toHaveBeenCalled();
        for (const late of joined) {
          expect(late.a.ids).toEqual(expected.filter((id) => id > late.from));
        }
      }),
      { numRuns: 150 },
    );
  });
});
