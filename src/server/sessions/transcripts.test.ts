import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DomainEvent, Envelope } from "#src/domain/event.ts";
import { arbitraryEnvelopes } from "#src/testing/arbitrary-events.ts";
import { longSession } from "#src/testing/long-session.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { LOOK_BACK } from "#src/transcript/limits.ts";
import { emptyTranscript, pageOf } from "#src/transcript/page.ts";
import { lowerBound } from "#src/transcript/row-order.ts";
import type { Row, TranscriptPage } from "#src/transcript/rows.ts";
import { createHub, type EventHub } from "../events/hub.ts";
import { openStore, type Store } from "../store/open.ts";
import { createTranscripts, type TranscriptLimits, type Transcripts } from "./transcripts.ts";

let store: Store;
let hub: EventHub;
const raise = (error: unknown) => {
  throw error;
};

beforeEach(async () => {
  store = await openStore(":memory:");
  hub = await openHub(store);
});
afterEach(() => store.close());

const openHub = ({ db, file }: Store) =>
  createHub({
    store: { db, file, close: () => db.destroy() },
    now: () => new Date(0),
    onListenerError: raise,
  });
const start = (limits?: TranscriptLimits): Transcripts =>
  createTranscripts({ hub, db: store.db, onError: raise, ...(limits ? { limits } : {}) });
const small = { sessions: 1, rows: LOOK_BACK, events: 7, part: 5 };

const append = (events: readonly (DomainEvent | Envelope)[], session_id = "s1") =>
  hub.append(
    events.map(({ event_type, data }) => ({
      sandbox_id: "x1",
      session_id,
      // The two were taken from one event, so they belong together.
      event: { event_type, data } as DomainEvent,
    })),
  );
const logOf = (session_id = "s1"): Promise<Envelope[]> =>
  hub.read({ filter: { kind: "session", session_id, sandbox_id: null }, after: 0, limit: 100_000 });
const foldOf = async (session_id = "s1") => foldAll(emptyTranscript(), await logOf(session_id));

/** Every page, the oldest last. */
async function pagesOf(
  transcripts: Transcripts,
  limit: number,
  session_id = "s1",
): Promise<TranscriptPage[]> {
  const pages = [await transcripts.page(session_id, null, limit)];
  for (;;) {
    const before = pages.at(-1)?.next_before ?? null;
    if (before === null) return pages;
    pages.push(await transcripts.page(session_id, before, limit));
  }
}

/** Everything that a walk shows. */
async function walkOf(transcripts: Transcripts, before?: string, session_id = "s1") {
  const rows: Row[] = [];
  const { signal } = new AbortController();
  const cursor = await transcripts.walk(session_id, { before, signal }, (part) => rows.push(...part));
  return { rows, cursor };
}

const rowsOf = (pages: readonly TranscriptPage[]): Row[] => pages.toReversed().flatMap(({ rows }) => rows);
const storedRows = () =>
  store.db
    .selectFrom("transcript_rows")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();

type Step = { append: number; other: number; page: number | null; restart: boolean };
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    append: fc.nat(40),
    other: fc.nat(3),
    page: fc.option(fc.integer({ min: 1, max: 50 })),
    restart: fc.boolean(),
  }),
  { maxLength: 8 },
);
const limits: fc.Arbitrary<TranscriptLimits> = fc.record({
  sessions: fc.constantFrom(1, 2),
  rows: fc.integer({ min: LOOK_BACK, max: LOOK_BACK + 10 }),
  events: fc.integer({ min: 1, max: 60 }),
  part: fc.integer({ min: 1, max: 40 }),
});

test("pages are those of the whole fold, at any time, wherever it was stored, also after a restart", async () => {
  const events = arbitraryEnvelopes({ minLength: 40, maxLength: 220 });
  let round = 0;
  const property = fc.asyncProperty(events, steps, limits, async (given, plan, limits) => {
    round += 1;
    const [id, other] = [`s${round}`, `o${round}`];
    let transcripts = start(limits);
    let at = 0;
    const check = async (limit: number) => {
      const whole = await foldOf(id);
      const pages = await pagesOf(transcripts, limit, id);
      expect(pages[0]).toEqual(pageOf(whole, { limit }));
      expect(rowsOf(pages)).toEqual(whole.rows);
      expect(await transcripts.all(id)).toEqual(whole.rows);
      const walked = await walkOf(transcripts, undefined, id);
      expect(walked).toEqual({ rows: whole.rows, cursor: whole.cursor });
      const middle = whole.rows[limit % whole.rows.length]?.first_event_id ?? "1";
      const before = whole.rows.slice(0, lowerBound(whole.rows, middle));
      expect((await walkOf(transcripts, middle, id)).rows).toEqual(before);
    };
    for (const step of plan) {
      const next = given.slice(at, at + step.append);
      at += next.length;
      await Promise.all([append(next, id), append(given.slice(0, step.other), other)]);
      if (step.page !== null) await check(step.page);
      if (!step.restart) continue;
      await transcripts.close();
      transcripts = start(limits);
    }
    await append(given.slice(at), id);
    await check(13);
    await transcripts.close();
  });
  await fc.assert(property, { numRuns: 120 });
});

test("readers that come together while events are written see the same as one alone", async () => {
  const transcripts = start(small);
  const events = longSession(6);
  const pages: Promise<TranscriptPage>[] = [];
  for (let at = 0; at < events.length; at += 50) {
    void append(events.slice(at, at + 50));
    pages.push(transcripts.page("s1", null, 40), transcripts.page("s2", null, 40));
  }
  for (const page of await Promise.all(pages)) {
    const at = (await logOf()).filter(({ id }) => Number(id) <= Number(page.cursor));
    if (page.total_rows > 0) expect(page).toEqual(pageOf(foldAll(emptyTranscript(), at), { limit: 40 }));
  }
  await hub.drain();
  expect(rowsOf(await pagesOf(transcripts, 25))).toEqual((await foldOf()).rows);
  await transcripts.close();
});

describe("a long session", () => {
  const events = longSession(30);

  test("is walked through beside its reader and its writer, as it was at the start of the walk", async () => {
    const transcripts = start(small);
    await append(events);
    const at_start = await foldOf();
    const seen: Row[] = [];
    let others: Promise<unknown>[] = [];
    const { signal } = new AbortController();
    const cursor = await transcripts.walk("s1", { signal }, (rows) => {
      seen.push(...rows);
      if (others.length === 0) others = [append(longSession(2)), transcripts.page("s1", null, 40)];
    });
    await Promise.all(others);
    expect({ seen, cursor }).toEqual({ seen: at_start.rows, cursor: at_start.cursor });
    await transcripts.close();
  });

  test("is walked through no further once the caller went away", async () => {
    const transcripts = start(small);
    await append(events);
    const caller = new AbortController();
    let parts = 0;
    const walk = transcripts.walk("s1", { signal: caller.signal }, () => {
      parts += 1;
      if (parts === 2) caller.abort();
    });
    await expect(walk).rejects.toMatchObject({ code: "client_gone" });
    expect(parts).toBe(2);
    await transcripts.close();
  });

  test("is stored when its turns end, though nobody reads it", async () => {
    const turn = longSession(1);
    const transcripts = start();
    await append(turn.slice(0, -1));
    expect(await storedRows()).toEqual({ count: 0 });
    await append(turn.slice(-1));
    await transcripts.close();
    expect(await storedRows()).toEqual({ count: (await foldOf()).rows.length });
  });

  test("is not folded again after a restart", async () => {
    const before = start();
    await append(events);
    await before.close();
    const reads: number[] = [];
    const counting = {
      ...hub,
      read: (query: Parameters<EventHub["read"]>[0]) => (reads.push(query.after), hub.read(query)),
    };
    const after = createTranscripts({ hub: counting, db: store.db, onError: raise });
    expect((await after.page("s1", null, 50)).rows).toEqual((await foldOf()).rows.slice(-50));
    expect(reads).toEqual([events.length]);
    await after.close();
  });

  test("of another version of the fold is folded anew", async () => {
    const before = start();
    await append(events);
    await before.close();
    await store.db.updateTable("transcripts").set({ fold_version: 0 }).execute();
    await store.db.updateTable("transcript_rows").set({ row: "{}" }).execute();
    const after = start(small);
    expect(rowsOf(await pagesOf(after, 60))).toEqual((await foldOf()).rows);
    await after.close();
  });

  test("whose row cannot be stored is told, and read from the log all the same", async () => {
    const errors: unknown[] = [];
    const transcripts = createTranscripts({ hub, db: store.db, onError: (error) => errors.push(error) });
    await store.db.schema.dropTable("transcripts").execute();
    await append(events);
    await transcripts.close();
    expect(errors).toHaveLength(1);
  });
});

describe("the answer to a prompt", () => {
  const turn = (name: string, rows: number): DomainEvent[] => [
    { event_type: "user_message", data: { message_id: name, content: [], turn_id: name, author: null } },
    { event_type: "turn_started", data: { turn_id: name, message_id: name } },
    ...Array.from({ length: rows }, (_, n): DomainEvent => ({
      event_type: "text_complete",
      data: { text: `${name} ${n}`, block_id: `${name}-${n}` },
    })),
  ];
  const ended = (name: string): DomainEvent => ({
    event_type: "session_completed",
    data: { session_id: "s1", turn_id: name, stop_reason: "end_turn", duration_ms: null, cost_usd: null },
  });

  test("is all of its turn, however long, and waits for its end", async () => {
    const transcripts = start(small);
    await append([...turn("a", 3), ended("a"), ...turn("b", 500)]);
    const answer = transcripts.answer("s1", "b", new AbortController().signal);
    await append([ended("b"), ...turn("c", 1)]);
    const { content } = await answer;
    expect(content).toHaveLength(500);
    expect(content[0]).toEqual({ type: "text", text: "b 0" });
    await transcripts.close();
  });

  test("may be asked for before the prompt is in the log", async () => {
    const transcripts = start(small);
    await append([...turn("a", 300), ended("a")]);
    const answer = transcripts.answer("s1", "b", new AbortController().signal);
    await append([...turn("b", 2), ended("b")]);
    expect((await answer).content).toHaveLength(2);
    await transcripts.close();
  });

  test("is the failure when the turn failed, and nothing when the caller went away", async () => {
    const transcripts = start(small);
    await append(turn("a", 1));
    const gone = new AbortController();
    const given_up = transcripts.answer("s1", "a", gone.signal);
    gone.abort();
    await expect(given_up).rejects.toMatchObject({ code: "client_gone" });
    const failed = transcripts.answer("s1", "a", new AbortController().signal);
    const data = {
      session_id: "s1",
      turn_id: "a",
      error: "exited",
      code: null,
      stderr: null,
      duration_ms: null,
    };
    await append([{ event_type: "session_failed", data }]);
    await expect(failed).rejects.toMatchObject({ code: "agent_failed", message: "exited" });
    await transcripts.close();
  });
});
