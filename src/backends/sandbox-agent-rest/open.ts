import { BackendError } from "#src/backends/backend-error.ts";
import type { OpenSession, SessionLink } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import type { SessionOption } from "#src/domain/agent.ts";
import { refine } from "./errors.ts";
import { type EventSource, followEvents, type FollowTiming, readEvents } from "./follow.ts";
import { createLink } from "./link.ts";
import { createBody, sessionOptions } from "./options.ts";
import { createReader, type Reader, type ReaderTiming } from "./reader.ts";
import { Ignored, Models, Modes, Sessions } from "./wire.ts";

/** What the server was found to have; null: not asked yet. */
export type Features = { files: boolean | null; abort: boolean | null };

export type OpenConfig = {
  http: Http;
  random: () => number;
  timing: FollowTiming & ReaderTiming;
  features: Features;
};

/**
 * Makes a session, or takes up one that the server has, and follows it until the link is closed.
 * @throws BackendError `not_found` when the server restarted since, as it keeps sessions in memory only
 */
export async function openSession(config: OpenConfig, request: OpenSession): Promise<SessionLink> {
  const { http } = config;
  const ref = request.resume?.ref ?? request.session_id;
  const closing = new AbortController();
  const giveUp = (): void => closing.abort(request.signal.reason);
  request.signal.addEventListener("abort", giveUp, { once: true });
  const source: EventSource = {
    http,
    session_id: ref,
    signal: closing.signal,
    onExchange: request.onExchange,
  };
  const reader = createReader({ agent: request.agent, emit: request.emit, timing: config.timing });
  try {
    request.signal.throwIfAborted();
    if (!request.resume) await create(source, request);
    const offset = request.resume ? await catchUp(source, request, reader) : 0;
    const options = await readOptions(http, ref, request);
    const link = createLink({
      ...config,
      source,
      reader,
      options,
      title: request.title,
      ...(request.resume && { continued: reader.memory.turn !== null }),
      stop: () => {
        reader.stop();
        closing.abort(new BackendError("invalid_state", "The link to this session is closed."));
      },
    });
    follow(config, source, reader, offset, request);
    return link;
  } catch (error) {
    reader.stop();
    request.signal.throwIfAborted();
    throw refine(error);
  } finally {
    request.signal.removeEventListener("abort", giveUp);
  }
}

async function create(source: EventSource, request: OpenSession): Promise<void> {
  const path = `/v1/sessions/${encodeURIComponent(source.session_id)}`;
  try {
    await source.http.json(
      // An agent that is missing is installed first, which takes minutes.
      { method: "POST", path, body: createBody(request), timeout_ms: 300_000, ...own(source) },
      Ignored,
    );
  } catch (error) {
    const refined = refine(error);
    // The id is ours alone: an earlier try made it and its answer was lost.
    if (!(refined instanceof BackendError) || refined.code !== "already_exists") throw refined;
  }
}

/**
 * Reads what the session holds, so that later events make sense; shows what is new. Returns where to follow from.
 */
async function catchUp(source: EventSource, request: OpenSession, reader: Reader): Promise<number> {
  const { resume, history } = request;
  const cursor = Number(resume?.cursor ?? Number.NaN);
  const known = Number.isInteger(cursor) ? cursor : null;
  const shownAfter = known ?? (history === "replay" ? 0 : Number.POSITIVE_INFINITY);
  let last = 0;
  for await (const event of readEvents(source, 0)) {
    const shown = event.sequence > shownAfter;
    // A turn that was open when Sandbar left is Sandbar's own; its prompt is in the log.
    if (shown && last <= shownAfter && known !== null && reader.memory.turn) reader.memory.turn.prompt ??= "";
    reader.take(event, shown);
    last = event.sequence;
  }
  return last;
}

function follow(
  config: OpenConfig,
  source: EventSource,
  reader: Reader,
  offset: number,
  request: OpenSession,
): void {
  reader.live();
  followEvents({
    ...source,
    offset,
    random: config.random,
    timing: config.timing,
    onEvent: (event) => reader.take(event, true),
    onJunk: (error, raw) => reader.junk(error, raw),
  }).catch((error: unknown) => {
    if (source.signal.aborted) return;
    reader.stop();
    const refined = refine(error);
    const reason = refined instanceof Error ? refined.message : "The session could not be followed any more.";
    const recoverable = !(refined instanceof BackendError && refined.code === "not_found");
    request.onClosed({ reason, stderr: null, recoverable });
  });
}

/** The session's options with what a new one could choose. A server too old to tell, tells fewer. */
async function readOptions(http: Http, ref: string, request: OpenSession): Promise<SessionOption[]> {
  const { signal } = request;
  const agent = `/v1/agents/${encodeURIComponent(request.agent)}`;
  const [{ sessions }, { modes }, { models }] = await Promise.all([
    http.json({ path: "/v1/sessions", signal }, Sessions),
    orNothing(http.json({ path: `${agent}/modes`, signal }, Modes), { modes: [] }),
    orNothing(http.json({ path: `${agent}/models`, signal }, Models), { models: [], defaultModel: null }),
  ]);
  const info = sessions.find(({ sessionId }) => sessionId === ref);
  return info ? sessionOptions(info, { modes, models }) : [];
}

/** A list that only decorates: the session works without it. */
async function orNothing<T>(call: Promise<T>, nothing: T): Promise<T> {
  return call.catch((error: unknown) => {
    if (error instanceof BackendError) return nothing;
    throw error;
  });
}

function own({ signal, onExchange }: EventSource) {
  return { signal, onExchange };
}
