import { afterEach, beforeEach, expect, test } from "vitest";
import { longSession } from "#src/testing/long-session.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript } from "#src/transcript/page.ts";
import { openStore, type Store } from "./open.ts";
import { deleteTranscript, getTranscriptHead, readTranscriptRows, saveTranscript } from "./transcripts.ts";

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.close());

const { rows, view, live, cursor } = foldAll(emptyTranscript(), longSession(12));
const head = { view, live, cursor, row_count: rows.length };
const idAt = (index: number) => rows.at(index)?.first_event_id;

test("a transcript comes back as it was stored", async () => {
  await saveTranscript(store.db, "s1", head, rows);
  await saveTranscript(store.db, "s2", { ...head, row_count: 0 }, []);
  expect(await getTranscriptHead(store.db, "s1")).toEqual(head);
  expect(await readTranscriptRows(store.db, "s1", {})).toEqual(rows);
  expect(await readTranscriptRows(store.db, "s2", {})).toEqual([]);
  expect(await getTranscriptHead(store.db, "s3")).toBeNull();
});

test("a range of rows is the newest of those between two events, or the oldest", async () => {
  await saveTranscript(store.db, "s1", head, rows);
  const read = (range: Parameters<typeof readTranscriptRows>[2]) => readTranscriptRows(store.db, "s1", range);
  expect(await read({ limit: 3 })).toEqual(rows.slice(-3));
  expect(await read({ before: idAt(50), limit: 3 })).toEqual(rows.slice(47, 50));
  expect(await read({ before: idAt(50), from: idAt(40) })).toEqual(rows.slice(40, 50));
  expect(await read({ before: idAt(0), limit: 3 })).toEqual([]);
  expect(await read({ after: idAt(40), limit: 3, keep: "oldest" })).toEqual(rows.slice(41, 44));
  expect(await read({ after: idAt(40), before: idAt(43), limit: 9, keep: "oldest" })).toEqual(
    rows.slice(41, 43),
  );
});

test("only the rows that are given are written", async () => {
  await saveTranscript(store.db, "s1", head, rows.slice(0, 20));
  await store.db.updateTable("transcript_rows").set({ row: '"untouched"' }).execute();
  await saveTranscript(store.db, "s1", head, rows.slice(19));
  const stored: unknown[] = await readTranscriptRows(store.db, "s1", {});
  expect(stored.slice(0, 19)).toEqual(Array.from({ length: 19 }, () => "untouched"));
  expect(stored.slice(19)).toEqual(rows.slice(19));
});

test("one of another fold does not count, and a deleted one is gone", async () => {
  await saveTranscript(store.db, "s1", head, rows);
  await store.db.updateTable("transcripts").set({ fold_version: 0 }).execute();
  expect(await getTranscriptHead(store.db, "s1")).toBeNull();
  await deleteTranscript(store.db, "s1");
  expect(await readTranscriptRows(store.db, "s1", {})).toEqual([]);
});
