import { afterEach, beforeEach, expect, test } from "vitest";
import type { DomainEvent } from "#src/domain/event.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript } from "#src/transcript/page.ts";
import { createHub, type EventHub } from "../events/hub.ts";
import { openStore, type Store } from "../store/open.ts";
import { loadTranscript, transcriptCursor } from "../store/transcripts.ts";
import { createTranscripts, type Transcripts } from "./transcripts.ts";

let store: Store;
let hub: EventHub;
let transcripts: Transcripts;

function fail(error: unknown): never {
  throw error;
}
function open(): Transcripts {
  return createTranscripts({ hub, db: store.db, onError: fail });
}

beforeEach(async () => {
  store = await openStore(":memory:");
  hub = await createHub({ store, now: () => new Date("2026-01-01T00:00:00Z"), onListenerError: fail });
  transcripts = open();
});
afterEach(async () => {
  await transcripts.close();
  await store.close();
});

const append = (...events: DomainEvent[]) =>
  hub.append(events.map((event) => ({ sandbox_id: "x1", session_id: "s1", event })));

async function turn(number: number, tools: number): Promise<void> {
  const turn_id = `t${number}`;
  await append({ event_type: "turn_started", data: { turn_id, message_id: null } });
  await append(
    ...Array.from({ length: tools }, (_, index): DomainEvent => ({
      event_type: "tool_use_start",
      data: { id: `${turn_id}-${index}`, name: "Bash", parent_id: null },
    })),
  );
  await append({
    event_type: "session_completed",
    data: { session_id: "s1", turn_id, stop_reason: "end_turn", duration_ms: 1, cost_usd: null },
  });
}

const folded = async () =>
  foldAll(emptyTranscript(), await hub.read({ filter: { kind: "all" }, after: 0, limit: 10_000 }));

test("a long session that nobody reads is stored when its turn ends, a short one is not", async () => {
  await turn(1, 5);
  await transcripts.close();
  expect(await transcriptCursor(store.db, "s1")).toBe(0);

  transcripts = open();
  await turn(2, 2_000);
  await expect.poll(() => transcriptCursor(store.db, "s1")).toBe(hub.cursor());
  expect(await loadTranscript(store.db, "s1")).toEqual(await folded());
});

test("after a restart a stored session goes on where it was", async () => {
  await turn(1, 2_000);
  await expect.poll(() => transcriptCursor(store.db, "s1")).toBe(hub.cursor());
  await transcripts.close();

  transcripts = open();
  await turn(2, 5);
  expect(await transcripts.all("s1")).toEqual((await folded()).rows);
});

test("a long session that was never stored is, once it is read", async () => {
  await transcripts.close();
  await turn(1, 2_000);
  transcripts = open();
  await transcripts.page("s1", null, 10);
  await expect.poll(() => transcriptCursor(store.db, "s1")).toBe(hub.cursor());
});
