import * as z from "zod";
import {
  keepReading,
  type KeptStream,
  openEventStream,
  type Reading,
  Reopen,
} from "#src/backends/shared/follow.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { wait } from "#src/backends/shared/retry.ts";
import { readSse, type SseFrame } from "#src/backends/shared/sse.ts";
import type { Backoff } from "#src/lib/backoff.ts";
import { isFinal } from "./errors.ts";
import { Envelope } from "./wire.ts";

export type FollowTiming = {
  /** A stream silent for this long is dead; the server sends a keepalive every 15 s. */
  idle_ms: number;
  max_attempts: number;
  backoff: Backoff;
};

export type FollowConfig = {
  http: Http;
  path: string;
  /** The last event that is known. Null: the server sends all it has (spec 4), or nothing old if it is a Sandbar. */
  cursor: string | null;
  random: () => number;
  timing: FollowTiming;
  signal: AbortSignal;
  /** The stream is open. */
  onOpen?: () => void;
  onEnvelope: (envelope: Envelope) => void;
  /** Something in the stream that is no event. */
  onJunk: (error: string, raw: string) => void;
  /** What came after `cursor`, for a stream that says it cannot give it. */
  missed: (cursor: string) => AsyncIterable<Envelope>;
};

/** More than any server keeps to send again. */
const REMEMBERED = 4096;

/**
 * Follows a session's or sandbox's events for as long as they can be had. After a cut, and always with the first
 * server, the whole ring comes again, so events are told apart by id. It is lost when the session is gone, the token is
 * refused or the attempts are used up.
 */
export function followStream(config: FollowConfig): KeptStream {
  const { http, path, random, timing, signal } = config;
  const seen = createSeen(REMEMBERED);
  let last = config.cursor;

  async function read({ signal: own, onActivity }: Reading): Promise<void> {
    const headers: Record<string, string> = last === null ? {} : { "last-event-id": last };
    // The first server reads only the query, a browser's EventSource would send only the header.
    const query = { last_event_id: last };
    const body = await openEventStream(http, { path, query, headers, signal: own });
    config.onOpen?.();
    for await (const frame of readSse(body, { idle_ms: timing.idle_ms, onActivity })) {
      if (frame.kind === "oversize") config.onJunk(`An event over ${frame.limit} characters.`, "");
      else await onFrame(frame);
    }
  }

  async function onFrame(frame: Extract<SseFrame, { kind: "event" }>): Promise<void> {
    const envelope = envelopeOf(frame);
    if (!envelope) return config.onJunk("A frame that is not an event.", frame.data);
    switch (envelope.event_type) {
      case "keepalive":
        return;
      case "resume":
        if (last === null || Resume.safeParse(envelope.data).data?.status !== "gap") return;
        for await (const found of config.missed(last)) take(found);
        return;
      case "reconnect":
        await wait(Reconnect.safeParse(envelope.data).data?.after_ms ?? 0, signal);
        throw new Reopen();
      default:
        take(envelope);
    }
  }

  function take(envelope: Envelope): void {
    if (envelope.id !== "") {
      if (!seen.add(envelope.id)) return;
      last = envelope.id;
    }
    config.onEnvelope(envelope);
  }

  return keepReading({ read, isFinal, random, timing, signal });
}

const Resume = z.looseObject({ status: z.string() });
const Reconnect = z.looseObject({ after_ms: z.number().min(0).max(60_000) });

/**
 * A frame as an envelope. The first server names its frames and repeats the name in the JSON; the documents' samples are
 * unnamed; control frames have a name and bare data.
 */
function envelopeOf({ id, event, data }: Extract<SseFrame, { kind: "event" }>): Envelope | null {
  const value = parse(data);
  const envelope = Envelope.safeParse(value).data;
  if (envelope) return envelope;
  if (event === null || typeof value !== "object") return null;
  return { id: id ?? "", event_type: event, data: value };
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** Remembers the newest `limit` ids; `add` says whether the id is new. */
function createSeen(limit: number) {
  const ids = new Set<string>();
  return {
    add(id: string): boolean {
      if (ids.has(id)) return false;
      ids.add(id);
      if (ids.size > limit) {
        for (const oldest of ids) {
          ids.delete(oldest);
          break;
        }
      }
      return true;
    },
  };
}
