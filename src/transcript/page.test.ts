import { describe, expect, it } from "vitest";
import { eventLog, type Told } from "#src/testing/event-log.ts";
import { fold, foldAll } from "./fold.ts";
import { LOOK_BACK } from "./limits.ts";
import { emptyTranscript, fromPage, pageOf, prependPage } from "./page.ts";

const empty = emptyTranscript();
const notes = (count: number) =>
  Array.from({ length: count }, (_, n): Told => ["session_updated", { change: `note ${n}` }]);
const tool: Told = ["tool_use_start", { id: "c", name: "Bash" }];
const more = (output_delta: string): Told => ["tool_update", { id: "c", output_delta }];

describe("pageOf", () => {
  const whole = foldAll(empty, eventLog(...notes(100)));

  it("gives the newest rows first and leads to the oldest", () => {
    const newest = pageOf(whole, { limit: 40 });
    const middle = pageOf(whole, { before: newest.next_before!, limit: 40 });
    const oldest = pageOf(whole, { before: middle.next_before!, limit: 40 });
    expect([...oldest.rows, ...middle.rows, ...newest.rows]).toEqual(whole.rows);
    expect([newest, middle, oldest].map(({ rows }) => rows.length)).toEqual([40, 40, 20]);
    expect([newest, middle, oldest].map(({ next_before }) => next_before)).toEqual(["61", "21", null]);
    expect(newest).toMatchObject({ cursor: "100", total_rows: 100, view: whole.view });
  });

  it("gives a client enough to go on from, however little it asks for", () => {
    expect(pageOf(whole, { limit: 1 }).rows).toHaveLength(LOOK_BACK);
    expect(pageOf(whole, { before: "50", limit: 1 }).rows).toHaveLength(1);
  });

  it("takes a place that is no row, and one before all rows", () => {
    expect(pageOf(whole, { before: "1000", limit: 2 }).rows.map(({ key }) => key)).toEqual([
      "notice:99",
      "notice:100",
    ]);
    expect(pageOf(whole, { before: "1", limit: 2 })).toMatchObject({ rows: [], next_before: null });
  });

  it("of an empty session is empty and whole", () => {
    const page = pageOf(empty, { limit: 50 });
    expect(page).toMatchObject({ rows: [], next_before: null, total_rows: 0 });
    expect(fromPage(page)).toEqual(empty);
  });
});

describe("an event for a row that is not loaded", () => {
  const log = eventLog(tool, ...notes(LOOK_BACK), more("a"), more("b"));
  const start = foldAll(empty, log.slice(0, -2));
  const client = foldAll(fromPage(pageOf(start, { limit: 1 })), log);

  it("waits for its page", () => {
    expect(client.partial).toBe(true);
    expect(client.deferred.map(({ row, envelope }) => [row, envelope.id])).toEqual([
      ["1", "34"],
      ["1", "35"],
    ]);
    const loaded = prependPage(client, pageOf(start, { before: client.rows[0]!.first_event_id, limit: 10 }));
    expect(loaded).toEqual(foldAll(empty, log));
  });

  it("is not applied to a page that has it already", () => {
    const half = foldAll(empty, log.slice(0, -1));
    const page = pageOf(half, { before: client.rows[0]!.first_event_id, limit: 10 });
    expect(page.rows).toMatchObject([{ tool: { output: "a" } }]);
    expect(prependPage(client, page).rows[0]).toMatchObject({ tool: { output: "ab" } });
  });

  it("does not count twice when the page was ahead of the stream", () => {
    const behind = fromPage(pageOf(start, { limit: 1 }));
    const page = pageOf(foldAll(empty, log), { before: behind.rows[0]!.first_event_id, limit: 10 });
    const loaded = prependPage(behind, page);
    expect(foldAll(loaded, log)).toEqual(foldAll(empty, log));
  });
});

describe("prependPage", () => {
  const whole = foldAll(empty, eventLog(...notes(100)));
  const client = fromPage(pageOf(whole, { limit: 40 }));

  it("keeps the rows that are here", () => {
    const overlap = pageOf(whole, { before: "80", limit: 40 });
    const loaded = prependPage(client, { ...overlap, rows: overlap.rows.map((row) => ({ ...row })) });
    expect(loaded.rows.map(({ key }) => key)).toEqual(whole.rows.slice(39).map(({ key }) => key));
    expect(loaded.rows.at(-40)).toBe(client.rows[0]);
  });

  it("changes nothing when the page brings nothing, or nothing is missing", () => {
    expect(prependPage(client, pageOf(whole, { limit: 40 }))).toBe(client);
    expect(prependPage(whole, pageOf(whole, { before: "50", limit: 10 }))).toBe(whole);
  });

  it("leaves the cursor to the stream", () => {
    const later = fold(whole, { ...eventLog(...notes(101))[100]! });
    const loaded = prependPage(client, pageOf(later, { before: client.rows[0]!.first_event_id, limit: 10 }));
    expect(loaded.cursor).toBe("100");
  });
});
