import { Buffer } from "node:buffer";
import type { Resume } from "#src/contract/stream.ts";
import type { Envelope } from "#src/domain/event.ts";

/** The hub hands one object to every reader, so one encoding serves them all and goes when the object goes. */
const encoded = new WeakMap<Envelope, Buffer>();

/** The event as a frame of `text/event-stream`: `id`, `event` and the envelope on one `data` line (design §4). */
export function eventFrame(envelope: Envelope): Buffer {
  const known = encoded.get(envelope);
  if (known) return known;
  const { id, event_type } = envelope;
  const frame = Buffer.from(`id: ${id}\nevent: ${event_type}\ndata: ${JSON.stringify(envelope)}\n\n`);
  encoded.set(envelope, frame);
  return frame;
}

/** The first frame: whether nothing after `cursor` will be missing. */
export function resumeFrame(resume: Resume): Buffer {
  return Buffer.from(`event: resume\ndata: ${JSON.stringify(resume)}\n\n`);
}

/** Says that the connection lives; its id moves the reader's cursor past events that were not for it. */
export function keepaliveFrame(cursor: number): Buffer {
  return Buffer.from(`id: ${cursor}\nevent: keepalive\ndata: {}\n\n`);
}
