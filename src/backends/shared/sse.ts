import { createParser } from "eventsource-parser";
import { BackendError } from "#src/backends/backend-error.ts";

/** One event of a stream, or the mark of one that was too long to keep. */
export type SseFrame =
  | { kind: "event"; id: string | null; event: string | null; data: string }
  | { kind: "oversize"; limit: number };

export type SseOptions = {
  /** Longest frame that is kept, in characters; a longer one is skipped and reported as `oversize`. */
  max_frame_chars?: number;
  /** A stream silent for this long, heartbeats included, is dead: the iterator throws `timeout`. Null: never. */
  idle_ms?: number | null;
  /** Called for every chunk, heartbeats included. */
  onActivity?: () => void;
};

const DEFAULT_MAX_FRAME_CHARS = 16 * 1024 * 1024;
const DEFAULT_IDLE_MS = 45_000;

/**
 * Iterates over the frames of an event stream. Memory is bounded by `max_frame_chars`. Ends when the upstream ends
 * the stream; leaving the loop cancels it.
 * @throws BackendError `timeout` when silent for `idle_ms`; the transport's own error when the connection breaks.
 */
export async function* readSse(
  body: ReadableStream<Uint8Array>,
  { max_frame_chars = DEFAULT_MAX_FRAME_CHARS, idle_ms = DEFAULT_IDLE_MS, onActivity }: SseOptions = {},
): AsyncGenerator<SseFrame, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const splitter = createSplitter(max_frame_chars);
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, idle_ms);
      if (done) return;
      onActivity?.();
      yield* splitter.feed(decoder.decode(value, { stream: true }));
    }
  } finally {
    // A broken stream rejects its own cancel; the read has already reported why.
    await reader.cancel().catch(() => undefined);
  }
}

async function readWithin(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  idle_ms: number | null,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  if (idle_ms === null) return reader.read();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new BackendError("timeout", `The event stream was silent for ${Math.round(idle_ms / 1000)} s.`));
    }, idle_ms);
  });
  try {
    return await Promise.race([reader.read(), silence]);
  } finally {
    clearTimeout(timer);
  }
}

type Splitter = { feed(chunk: string): SseFrame[] };

/** Cuts text into frames. After a frame over the limit it drops text up to the next blank line and goes on. */
function createSplitter(limit: number): Splitter {
  let frames: SseFrame[] = [];
  /** While a frame is skipped: the last characters seen, where the blank line may begin. Null: nothing is skipped. */
  let skipped: string | null = null;
  let overflowed = false;
  const parser = createParser({
    maxBufferSize: limit,
    onEvent: ({ id, event, data }) => {
      frames.push({ kind: "event", id: id ?? null, event: event ?? null, data });
    },
    onError: (error) => {
      overflowed ||= error.type === "max-buffer-size-exceeded";
    },
  });

  /** The text after the skipped frame's blank line, or null when that is still to come. */
  function afterSkipped(chunk: string): string | null {
    const text = (skipped ?? "") + chunk;
    const end = /\r\n\r\n|\n\n|\r\r/.exec(text);
    skipped = end ? null : text.slice(-3);
    return end ? text.slice(end.index + end[0].length) : null;
  }

  return {
    feed(chunk) {
      frames = [];
      const text = skipped === null ? chunk : afterSkipped(chunk);
      if (text === null) return frames;
      parser.feed(text);
      if (overflowed) {
        overflowed = false;
        parser.reset();
        skipped = text.slice(-3);
        frames.push({ kind: "oversize", limit });
      }
      return frames;
    },
  };
}
