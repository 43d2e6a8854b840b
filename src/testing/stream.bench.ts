import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, bench, describe } from "vitest";
import { createHub } from "#src/server/events/hub.ts";
import { openStream } from "#src/server/events/stream.ts";
import type { NewEvent } from "#src/server/events/write-batch.ts";
import { openStore } from "#src/server/store/open.ts";

// `npx vitest bench src/testing/stream.bench.ts`: the server's share of the budgets in design §8. One run stores
// 10,000 events, each appended by itself, and ends when 100 streams have read them all; the budget is 1,000 ms.
const EVENTS = 10_000;
const STREAMS = 100;

const folder = mkdtempSync(join(tmpdir(), "sandbar-bench-"));
const store = await openStore(join(folder, "sandbar.db"));
const hub = await createHub({
  store,
  now: () => new Date(),
  onListenerError: (error) => {
    throw error;
  },
});
const readers = Array.from({ length: STREAMS }, () =>
  openStream({ hub, filter: { kind: "all" }, after: null }).getReader(),
);
await Promise.all(readers.map((reader) => reader.read()));
afterAll(async () => {
  await Promise.all(readers.map((reader) => reader.cancel()));
  await store.close();
  rmSync(folder, { recursive: true });
});

const event = (index: number): NewEvent => ({
  sandbox_id: "x1",
  session_id: `s${index % 20}`,
  event: { event_type: "text_delta", data: { text: "some words that an agent wrote here ", block_id: "b1" } },
});

/** Reads until the frame of the last event has come. */
async function readTo(reader: ReadableStreamDefaultReader<Uint8Array>, last_id: number): Promise<void> {
  for (;;) {
    const { value } = await reader.read();
    if (value && Buffer.from(value).includes(`id: ${last_id}\n`)) return;
  }
}

describe("the hub", () => {
  bench(
    `${EVENTS} events stored and read by ${STREAMS} streams`,
    async () => {
      const read = readers.map((reader) => readTo(reader, hub.cursor() + EVENTS));
      await Promise.all(Array.from({ length: EVENTS }, (_, index) => hub.append([event(index)])));
      await Promise.all(read);
    },
    { iterations: 10, time: 0, warmupIterations: 1, warmupTime: 0 },
  );
});
