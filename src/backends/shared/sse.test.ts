import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readSse, type SseFrame, type SseOptions } from "./sse.ts";

function streamOf(chunks: readonly Uint8Array[], end = true): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      if (end) controller.close();
    },
  });
}

async function collect(body: ReadableStream<Uint8Array>, options?: SseOptions): Promise<SseFrame[]> {
  const frames: SseFrame[] = [];
  for await (const frame of readSse(body, options)) frames.push(frame);
  return frames;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const sample = 'event: message\nid: 1\ndata: {"a":"é😀"}\n\n: heartbeat\n\nid: 2\ndata: x\ndata: y\n\n';
const frames: SseFrame[] = [
  { kind: "event", id: "1", event: "message", data: '{"a":"é😀"}' },
  { kind: "event", id: "2", event: null, data: "x\ny" },
];

test("frames come out the same however the bytes are cut", async () => {
  const whole = bytes(sample);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 8 }), async (cuts) => {
      const edges = [0, ...cuts.toSorted((a, b) => a - b), whole.length];
      const chunks = edges.slice(1).map((edge, index) => whole.slice(edges[index], edge));
      expect(await collect(streamOf(chunks))).toEqual(frames);
    }),
  );
});

test("a frame over the limit is skipped and said, and the next one is read", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 400 }), async (size) => {
      const whole = bytes(`id: 1\ndata: a\n\nid: 2\ndata: ${"j".repeat(2000)}\n\nid: 3\ndata: b\n\n`);
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < whole.length; at += size) chunks.push(whole.slice(at, at + size));
      expect(await collect(streamOf(chunks), { max_frame_chars: 1000 })).toEqual([
        { kind: "event", id: "1", event: null, data: "a" },
        { kind: "oversize", limit: 1000 },
        { kind: "event", id: "3", event: null, data: "b" },
      ]);
    }),
  );
});

test("a silent stream ends with a timeout error", async () => {
  await expect(
    collect(streamOf([bytes("id: 1\ndata: a\n\n")], false), { idle_ms: 10 }),
  ).rejects.toMatchObject({
    code: "timeout",
  });
});

test("leaving the loop cancels the stream", async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes("data: a\n\n")),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const frame of readSse(body)) {
    expect(frame).toMatchObject({ data: "a" });
    break;
  }
  expect(cancelled).toBe(true);
});
