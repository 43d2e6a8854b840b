import { expect, test } from "vitest";
import type { Envelope } from "#src/domain/event.ts";
import type { Listener } from "./hub.ts";
import { createReader, type ReaderOptions } from "./reader.ts";

/** A hub whose reads answer when the test says so: the moments between a commit, its fan-out and a read. */
function setUp(newest: number) {
  let listener: Listener = () => {};
  const reads: ((events: Envelope[]) => void)[] = [];
  const hub: ReaderOptions["hub"] = {
    cursor: () => newest,
    count: () => Promise.resolve(1),
    read: () => new Promise((resolve) => reads.push(resolve)),
    subscribe: (_filter, given) => {
      listener = given;
      return () => {};
    },
  };
  const reader = createReader({ hub, filter: { kind: "all" }, after: "0" });
  return {
    reader,
    fanOut: (...ids: number[]) => listener(ids.map(envelope)),
    answerRead: async (...ids: number[]) => {
      await expect.poll(() => reads.length).toBeGreaterThan(0);
      reads.shift()?.(ids.map(envelope));
    },
    nextIds: async () => idsOf(await reader.next()),
  };
}

const envelope = (id: number): Envelope => ({
  id: String(id),
  sandbox_id: null,
  session_id: null,
  event_type: "text_delta",
  data: { text: "" },
  timestamp: "",
});

const idsOf = (chunk: Uint8Array | null): number[] =>
  [...String(chunk).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

test("an event that is committed after a read and sent before its answer is not lost", async () => {
  const { reader, fanOut, answerRead, nextIds } = setUp(2);
  await reader.next();
  const replay = nextIds();
  fanOut(3);
  await answerRead(1, 2);
  expect(await replay).toEqual([1, 2]);
  const next = nextIds();
  await answerRead(3);
  expect(await next).toEqual([3]);
  reader.close();
});

test("an event that a read finds before it is sent does not come twice", async () => {
  const { reader, fanOut, answerRead, nextIds } = setUp(2);
  await reader.next();
  const replay = nextIds();
  await answerRead(1, 2, 3);
  expect(await replay).toEqual([1, 2, 3]);
  const next = nextIds();
  fanOut(3);
  fanOut(3, 4);
  expect(await next).toEqual([4]);
  reader.close();
});

test("closing ends a wait", async () => {
  const { reader, answerRead, nextIds } = setUp(1);
  await reader.next();
  const replay = nextIds();
  await answerRead(1);
  await replay;
  const next = reader.next();
  reader.close();
  expect(await next).toBeNull();
});
