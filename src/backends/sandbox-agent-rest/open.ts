import { BackendError } from "#src/backends/backend-error.ts";
import type { OpenSession, SessionLink } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import type { SessionOption } from "#src/domain/agent.ts";
import { refine } from "./errors.ts";
import { type EventSource, followEvents, type FollowTiming, readEvents } from "./follow.ts";
import { createLink } from "./link.ts";
import { createBody, type Offered, sessionOptions } from "./options.ts";
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

/** What the server offers a new session of an agent. A server too old to tell, tells less. */
export async function readOffered(
  http: Http,
  agent: string,
  signal: AbortSignal,
): Promise<Offered & { default_model: string | null }> {
  const path = `/v1/agents/${encodeURIComponent(agent)}`;
  const [{ modes }, { models, defaultModel }] = await Promise.all([
    orNothing(http.json({ path: `${path}/modes`, signal }, Modes), { modes: [] }),
    orNothing(http.json({ path: `${path}/models`, signal }, Models), { models: [], defaultModel: null }),
  ]);
  return { modes, models, default_model: defaultModel ?? null };
}

/** The session's options with what a new one could choose. */
async function readOptions(http: Http, ref: string, request: OpenSession): Promise<SessionOption[]> {
  const { signal } = request;
  const [{ sessions }, offered] = await Promise.all([
    http.json({ path: "/v1/sessions", signal }, Sessions),
    readOffered(http, request.agent, signal),
  ]);
  const info = sessions.find(({ sessionId }) => sessionId === ref);
  return info ? sessionOptions(info, offered) : [];
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
