import { afterEach, beforeEach, expect, test } from "vitest";
import { longSession } from "#src/testing/long-session.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript } from "#src/transcript/page.ts";
import { openStore, type Store } from "./open.ts";
import { loadTranscript, saveTranscript, transcriptCursor } from "./transcripts.ts";

let store: Store;
beforeEach(async () => {
  store = await openStore(":memory:");
});
afterEach(() => store.close());

const events = longSession(12);

test("stored at any points, a transcript is the whole fold", async () => {
  for (const step of [1, 7, 100, 333]) {
    const id = `s${step}`;
    for (let start = 0; start < events.length; start += step) {
      const before = (await loadTranscript(store.db, id)) ?? emptyTranscript();
      await saveTranscript(store.db, id, foldAll(before, events.slice(start, start + step)));
    }
    expect(await loadTranscript(store.db, id)).toEqual(foldAll(emptyTranscript(), events));
    expect(await transcriptCursor(store.db, id)).toBe(Number(events.at(-1)?.id));
  }
});

test("only rows that changed are written again", async () => {
  const half = foldAll(emptyTranscript(), events.slice(0, 300));
  await saveTranscript(store.db, "s1", half);
  await store.db
    .updateTable("transcript_rows")
    .set({ row: '"untouched"' })
    .where("position", "=", 0)
    .execute();
  await saveTranscript(store.db, "s1", foldAll(half, events.slice(300)));
  expect((await loadTranscript(store.db, "s1"))?.rows[0]).toBe("untouched");
});

test("one of another fold, or half written, does not count", async () => {
  await saveTranscript(store.db, "s1", foldAll(emptyTranscript(), events));
  await store.db.updateTable("transcripts").set({ fold_version: 0 }).execute();
  expect(await loadTranscript(store.db, "s1")).toBeNull();
  await saveTranscript(store.db, "s1", foldAll(emptyTranscript(), events));
  expect((await loadTranscript(store.db, "s1"))?.rows.length).toBeGreaterThan(10);
  await store.db.deleteFrom("transcripts").execute();
  expect(await transcriptCursor(store.db, "s1")).toBe(0);
});
