import type { Message } from "#src/domain/content.ts";
import type { Envelope } from "#src/domain/event.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript, pageOf } from "#src/transcript/page.ts";
import type { Row, TranscriptPage, TranscriptState } from "#src/transcript/rows.ts";
import { ApiError } from "../errors.ts";
import type { EventHub } from "../events/hub.ts";
import type { Db } from "../store/schema.ts";
import { loadTranscript } from "../store/transcripts.ts";
import { answerOf } from "./messages.ts";
import { createTranscriptSaver } from "./transcript-saver.ts";

/** How many sessions' rows stay in memory. */
const KEPT_SESSIONS = 16;
const EVENTS_PER_READ = 5_000;

/** Folded rows of sessions, kept up to date as events are committed. */
export type Transcripts = {
  /** One page of rows, newest first; `before` as `next_before` of the page after it. */
  page(session_id: string, before: string | null, limit: number): Promise<TranscriptPage>;
  /** Every row, oldest first. */
  all(session_id: string): Promise<readonly Row[]>;
  /** Waits for the turn of a prompt to end and gives the assistant's message; throws when the turn failed. */
  answer(session_id: string, message_id: string, signal: AbortSignal): Promise<Message>;
  /** Waits for what is being stored. */
  close(): Promise<void>;
};

type Deps = { hub: EventHub; db: Db; onError: (error: unknown) => void };

export function createTranscripts({ hub, db, onError }: Deps): Transcripts {
  const kept = new Map<string, Promise<TranscriptState>>();
  const saver = createTranscriptSaver({
    hub,
    db,
    // A session that nobody reads is folded for this once, and not kept.
    stateOf: (session_id) => kept.get(session_id) ?? foldLog(session_id),
    onError,
  });

  hub.subscribe({ kind: "all" }, (envelopes) => {
    const bySession = new Map<string, Envelope[]>();
    for (const envelope of envelopes) {
      if (envelope.session_id === null || !kept.has(envelope.session_id)) continue;
      const own = bySession.get(envelope.session_id) ?? [];
      own.push(envelope);
      bySession.set(envelope.session_id, own);
    }
    for (const [session_id, own] of bySession) {
      const state = kept.get(session_id);
      if (state)
        kept.set(
          session_id,
          state.then((before) => foldAll(before, own)),
        );
    }
  });

  async function foldLog(session_id: string): Promise<TranscriptState> {
    const filter = { kind: "session", session_id, sandbox_id: null } as const;
    let state = (await loadTranscript(db, session_id)) ?? emptyTranscript();
    for (;;) {
      const events = await hub.read({ filter, after: Number(state.cursor), limit: EVENTS_PER_READ });
      state = foldAll(state, events);
      if (events.length < EVENTS_PER_READ) return state;
    }
  }

  async function stateOf(session_id: string): Promise<TranscriptState> {
    const known = kept.get(session_id);
    kept.delete(session_id);
    const state = known ?? foldLog(session_id);
    kept.set(session_id, state);
    if (!known) saver.consider(session_id);
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT_SESSIONS && oldest !== undefined) kept.delete(oldest);
    try {
      return await state;
    } catch (error) {
      kept.delete(session_id);
      throw error;
    }
  }

  /** The turn that the prompt began, once it began and ended. */
  async function endOfTurn(session_id: string, message_id: string, signal: AbortSignal): Promise<Row> {
    for (;;) {
      const next = nextTurnEnd(hub, session_id, signal);
      try {
        const { rows } = await stateOf(session_id);
        const prompt = rows.find((row) => row.kind === "user" && row.message_id === message_id);
        const end =
          prompt && rows.findLast((row) => row.kind === "turn_end" && row.turn_id === prompt.turn_id);
        if (end) return end;
        await next.heard;
      } finally {
        next.stop();
      }
    }
  }

  return {
    async page(session_id, before, limit) {
      return pageOf(await stateOf(session_id), { before: before ?? undefined, limit });
    },
    all: async (session_id) => (await stateOf(session_id)).rows,
    async answer(session_id, message_id, signal) {
      const end = await endOfTurn(session_id, message_id, signal);
      if (end.kind === "turn_end" && end.outcome === "failed") {
        throw new ApiError(502, "agent_failed", end.error ?? "The turn failed.", { turn_id: end.turn_id });
      }
      const { rows } = await stateOf(session_id);
      return answerOf(session_id, rows, end.turn_id ?? "", end.at);
    },
    close: saver.close,
  };
}

/** Resolves `heard` once a turn of the session ends; rejects it when the caller goes away. `stop` forgets both. */
function nextTurnEnd(
  hub: EventHub,
  session_id: string,
  signal: AbortSignal,
): { heard: Promise<void>; stop: () => void } {
  const { promise, resolve, reject } = withResolvers();
  const unsubscribe = hub.subscribe({ kind: "session", session_id, sandbox_id: null }, (events) => {
    if (
      events.some(({ event_type }) => event_type === "session_completed" || event_type === "session_failed")
    )
      resolve();
  });
  const gone = () => reject(new ApiError(499, "client_gone", "The caller went away; the turn goes on."));
  signal.addEventListener("abort", gone);
  if (signal.aborted) gone();
  promise.catch(() => undefined);
  return {
    heard: promise,
    stop: () => {
      unsubscribe();
      signal.removeEventListener("abort", gone);
    },
  };
}

/** `Promise.withResolvers`, which Node 20 has not. */
function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
