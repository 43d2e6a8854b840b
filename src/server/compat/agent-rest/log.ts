import type { Envelope } from "#src/domain/event.ts";
import type { EventHub } from "../../events/hub.ts";
import { encodeEvent, isSynthetic } from "./encode.ts";
import { createEncodeMemory, type EncodeMemory } from "./memory.ts";
import type { Told, UniversalEvent } from "./universal.ts";

/** Whose log it is, in the protocol's words; none of it may change later, or events would. */
export type LogOwner = {
  id: string;
  /** The id that the client chose. */
  session_id: string;
  native_session_id: string | null;
  created_at: string;
  /** What `session.started` says. */
  started: Record<string, unknown>;
};

/** An event with the stored one that it came from; null for `session.started`, which comes from none. */
export type Encoded = { event: UniversalEvent; stored_id: string | null };

type Kept = { memory: EncodeMemory; encoded: Encoded[]; cursor: number };

const KEPT_SESSIONS = 64;
const EVENTS_PER_READ = 2_000;

/** Sessions in universal events, encoded as far as they are asked for. */
export type UniversalLogs = {
  /** Every event so far, oldest first: the one with the sequence `n` stands at `n - 1`. */
  all(owner: LogOwner): Promise<readonly Encoded[]>;
};

export function createUniversalLogs(hub: Pick<EventHub, "read" | "cursor">): UniversalLogs {
  const kept = new Map<string, Promise<Kept>>();

  async function catchUp(owner: LogOwner, before: Kept): Promise<Kept> {
    const filter = { kind: "session", session_id: owner.id, sandbox_id: null } as const;
    for (;;) {
      const newest = hub.cursor();
      if (before.cursor >= newest) return before;
      const events = await hub.read({ filter, after: before.cursor, limit: EVENTS_PER_READ });
      for (const stored of events) append(owner, before, stored);
      // Without more of its own, the session has seen all that was there when the read began, and what came meanwhile.
      const last = Number(events.at(-1)?.id ?? 0);
      before.cursor = events.length < EVENTS_PER_READ ? Math.max(newest, last) : last;
    }
  }

  return {
    async all(owner) {
      const known = kept.get(owner.id) ?? Promise.resolve(begin(owner));
      const next = known.then((before) => catchUp(owner, before));
      kept.delete(owner.id);
      kept.set(owner.id, next);
      const oldest = kept.keys().next().value;
      if (kept.size > KEPT_SESSIONS && oldest !== undefined) kept.delete(oldest);
      try {
        return (await next).encoded;
      } catch (error) {
        kept.delete(owner.id);
        throw error;
      }
    },
  };
}

function begin(owner: LogOwner): Kept {
  const started: Told = { type: "session.started", data: { metadata: owner.started } };
  const event = place(owner, started, 1, owner.created_at);
  return { memory: createEncodeMemory(), encoded: [{ event, stored_id: null }], cursor: 0 };
}

function append(owner: LogOwner, { memory, encoded }: Kept, stored: Envelope): void {
  for (const told of encodeEvent(stored, memory)) {
    const event = place(owner, told, encoded.length + 1, stored.timestamp);
    encoded.push({ event, stored_id: stored.id });
  }
}

function place(owner: LogOwner, told: Told, sequence: number, time: string): UniversalEvent {
  const synthetic = isSynthetic(told);
  return {
    event_id: `evt_${sequence}`,
    sequence,
    time,
    session_id: owner.session_id,
    native_session_id: owner.native_session_id,
    synthetic,
    source: synthetic ? "daemon" : "agent",
    ...told,
    raw: null,
  };
}
