import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import type { DomainEvent, Envelope } from "#src/domain/event.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript, pageOf } from "#src/transcript/page.ts";
import type { TranscriptPage } from "#src/transcript/rows.ts";
import { createTranscriptStore } from "./transcript-store.ts";

const envelope = (id: number, made: DomainEvent): Envelope => ({
  id: String(id),
  sandbox_id: "sandbox",
  session_id: "session",
  timestamp: "2026-01-01T00:00:00Z",
  ...made,
});
const delta = (id: number, text: string) =>
  envelope(id, { event_type: "text_delta", data: { text, block_id: "block" } });
const notice = (id: number) =>
  envelope(id, { event_type: "log_line", data: { line: `line ${id}`, stream: "stdout" } });

/** More rows than the newest page has. */
const errors = Array.from({ length: 50 }, (_, at) =>
  envelope(at + 1, { event_type: "error", data: { code: null, message: `${at}` } }),
);

/** A server with a log, a network answered by hand and frames that come when called. */
function world(log: Envelope[]) {
  const frames: (() => void)[] = [];
  const watches: { cursor: string; onEvents: (events: readonly Envelope[]) => void; onGap: () => void }[] =
    [];
  const loads: {
    before: string | null;
    much: boolean;
    answer: (page: TranscriptPage) => void;
    fail: (error: Error) => void;
  }[] = [];
  const page = (before: string | null = null, upTo = log.length) =>
    pageOf(foldAll(emptyTranscript(), log.slice(0, upTo)), { before: before ?? undefined, limit: 2 });
  const store = createTranscriptStore({
    load: (before, much) => new Promise((answer, fail) => loads.push({ before, much, answer, fail })),
    watch: (cursor, handlers) => {
      const watch = { cursor, ...handlers };
      watches.push(watch);
      return () => void watches.splice(watches.indexOf(watch), 1);
    },
    nextFrame: (work) => {
      frames.push(work);
      return () => void frames.splice(frames.indexOf(work), 1);
    },
  });
  const frame = () => frames.splice(0).forEach((work) => work());
  return { store, frames, watches, loads, page, frame };
}

async function opened(log: Envelope[], upTo = log.length) {
  const made = world(log);
  const listener = vi.fn();
  const stop = made.store.subscribe(listener);
  made.loads[0]!.answer(made.page(null, upTo));
  await vi.waitFor(() => expect(made.store.read().transcript).not.toBeNull(), { interval: 1 });
  listener.mockClear();
  return { ...made, listener, stop };
}

describe("transcript store", () => {
  it("loads the newest page and follows from its cursor", async () => {
    const { store, watches } = await opened([delta(5, "hello")]);
    expect(store.read().transcript?.rows).toMatchObject([{ kind: "text", text: "hello" }]);
    expect(watches.map((watch) => watch.cursor)).toEqual(["5"]);
  });

  it("folds what a frame brought at once, with one notification", async () => {
    const { store, watches, frames, frame, listener } = await opened([delta(1, "a")]);
    watches[0]!.onEvents([delta(2, "b")]);
    watches[0]!.onEvents([delta(3, "c"), delta(4, "d")]);
    expect(frames).toHaveLength(1);
    expect(listener).not.toHaveBeenCalled();
    frame();
    expect(listener).toHaveBeenCalledTimes(1);
    expect(store.read().transcript?.rows).toMatchObject([{ text: "abcd" }]);
  });

  it("says nothing when nothing new came", async () => {
    const { store, watches, frame, listener } = await opened([delta(1, "a")]);
    const before = store.read();
    watches[0]!.onEvents([delta(1, "a")]);
    frame();
    expect(listener).not.toHaveBeenCalled();
    expect(store.read()).toBe(before);
  });

  it("fetches again on a gap, keeps the stale rows meanwhile and drops what was buffered", async () => {
    const log = [delta(1, "a"), delta(2, "b"), delta(3, "c")];
    const { store, watches, loads, frame, page } = await opened(log, 1);
    watches[0]!.onEvents([delta(2, "lost in the gap")]);
    watches[0]!.onGap();
    frame();
    expect(store.read().transcript?.rows).toMatchObject([{ text: "a" }]);
    loads[1]!.answer(page());
    await vi.waitFor(() => expect(store.read().transcript?.rows).toMatchObject([{ text: "abc" }]));
    expect(watches.map((watch) => watch.cursor)).toEqual(["3"]);
  });

  it("asks again, when the server is back, for what was never answered or failed, and for nothing else", async () => {
    const { store, watches, loads, page } = await opened([delta(1, "a"), delta(2, "b")], 1);
    store.recover();
    expect(loads).toHaveLength(1);
    watches[0]!.onGap();
    expect([loads.length, watches.length]).toEqual([2, 0]);
    store.recover();
    loads[1]!.fail(new Error("late"));
    loads[2]!.answer(page());
    await vi.waitFor(() => expect(watches.map((watch) => watch.cursor)).toEqual(["2"]));
    expect(store.read()).toMatchObject({ error: null, transcript: { rows: [{ text: "ab" }] } });

    watches[0]!.onGap();
    loads[3]!.fail(new Error("away"));
    await vi.waitFor(() => expect(store.read().error).not.toBeNull());
    store.recover();
    loads[4]!.answer(page());
    await vi.waitFor(() => expect(store.read().error).toBeNull());
    store.recover();
    expect(loads).toHaveLength(5);
  });

  it("puts older pages in front, once, and keeps the identity of the rows that were there", async () => {
    const { store, loads, page } = await opened(errors);
    const [first] = store.read().transcript!.rows;
    void store.loadOlder();
    void store.loadOlder();
    expect(store.read().older).toBe("loading");
    expect(loads).toHaveLength(2);
    loads[1]!.answer(page(loads[1]!.before));
    await vi.waitFor(() => expect(store.read().older).toBe("idle"));
    const { rows } = store.read().transcript!;
    expect(rows.map((row) => row.first_event_id)).toEqual(
      errors.slice(-rows.length).map((event) => event.id),
    );
    expect(rows.indexOf(first!)).toBe(2);
  });

  it("waits for an older page that is on its way, and asks for a longer one when told to", async () => {
    const { store, loads, page } = await opened(errors);
    const arrived: string[] = [];
    const first = store.loadOlder().then(() => arrived.push("first"));
    const second = store.loadOlder(true).then(() => arrived.push("second"));
    expect(arrived).toEqual([]);
    loads[1]!.answer(page(loads[1]!.before));
    await Promise.all([first, second]);
    expect(arrived).toHaveLength(2);
    void store.loadOlder(true);
    expect(loads.map(({ much }) => much)).toEqual([false, false, true]);
  });

  it("drops an older page that a rest or a fetch anew overtook, and can ask again", async () => {
    const { store, loads, page, watches, stop } = await opened(errors);
    const before = store.read().transcript!.rows.length;
    const rested = store.loadOlder();
    stop();
    expect(store.read().older).toBe("idle");
    loads[1]!.answer(page(loads[1]!.before));
    await rested;
    expect(store.read().transcript!.rows).toHaveLength(before);
    store.subscribe(() => {});
    watches[0]!.onGap();
    const overtaken = store.loadOlder();
    loads[2]!.answer(pageOf(foldAll(emptyTranscript(), [...errors, delta(99, "a")]), { limit: 2 }));
    await vi.waitFor(() => expect(store.read().transcript!.cursor).toBe("99"));
    loads[3]!.answer(page(loads[3]!.before));
    await overtaken;
    const { transcript, next_before } = store.read();
    expect(transcript!.rows[0]?.first_event_id).toBe(next_before);
    expect(transcript!.rows).toHaveLength(before);
  });

  it("keeps an error beside what it has, and tries again", async () => {
    const { store, loads, page } = world([delta(1, "a")]);
    store.subscribe(() => {});
    loads[0]!.fail(new Error("no answer"));
    await vi.waitFor(() => expect(store.read().error?.message).toBe("no answer"));
    store.retry();
    loads[1]!.answer(page());
    await vi.waitFor(() => expect(store.read()).toMatchObject({ error: null, total_rows: 1 }));
  });

  it("rests while nobody reads, and goes on from where it was", async () => {
    const { store, watches, stop, frame } = await opened([delta(1, "a")]);
    watches[0]!.onEvents([delta(2, "b")]);
    stop();
    frame();
    expect(watches).toHaveLength(0);
    store.subscribe(() => {});
    expect(watches.map((watch) => watch.cursor)).toEqual(["1"]);
    watches[0]!.onEvents([delta(2, "b")]);
    frame();
    expect(store.read().transcript?.rows).toMatchObject([{ text: "ab" }]);
  });

  it("gives the rows of the whole log however it is cut into page, batches and repeats", async () => {
    const log = Array.from({ length: 40 }, (_, at) =>
      at % 7 === 3 ? notice(at + 1) : delta(at + 1, `${at} `),
    );
    const whole = foldAll(emptyTranscript(), log).rows;
    const cuts = fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.boolean()), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(fc.nat(40), cuts, async (upTo, steps) => {
        const { store, watches, frame, stop } = await opened(log, upTo);
        let seen = upTo;
        for (const [back, forth, now] of steps) {
          watches[0]!.onEvents(log.slice(Math.max(0, seen - back), Math.max(seen, forth)));
          seen = Math.max(seen, forth);
          if (now) frame();
        }
        watches[0]!.onEvents(log.slice(seen));
        frame();
        expect(store.read().transcript?.rows.map((row) => ({ ...row }))).toEqual(whole);
        stop();
      }),
      { numRuns: 50 },
    );
  });
});
