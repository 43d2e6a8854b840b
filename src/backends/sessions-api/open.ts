import { BackendError } from "#src/backends/backend-error.ts";
import type { OpenSession, SessionLink } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { refine } from "./errors.ts";
import { followStream, type FollowTiming } from "./follow.ts";
import { createLink } from "./link.ts";
import { mapHistory } from "./map-message.ts";
import { type Flavour, openTurn } from "./memory.ts";
import { hasPermissionMode, permissionModeOption } from "./options.ts";
import { createReader, type Reader, type ReaderTiming } from "./reader.ts";
import { type Envelope, EventLog, Ignored, SessionInfo, SessionWithMessages } from "./wire.ts";

export type OpenConfig = {
  http: Http;
  flavour: Flavour;
  random: () => number;
  timing: FollowTiming & ReaderTiming;
};

type Opened = { info: SessionInfo; cursor: string | null; since: string | null };

/**
 * Makes a session, or takes up one that the server has, and follows it until the link is closed.
 * @throws BackendError `not_found` when the server does not know the session (any more)
 */
export async function openSession(config: OpenConfig, request: OpenSession): Promise<SessionLink> {
  const { http, flavour, timing } = config;
  const { signal, onExchange, resume } = request;
  const closing = new AbortController();
  const giveUp = (): void => closing.abort(signal.reason);
  signal.addEventListener("abort", giveUp, { once: true });
  let reader: Reader | null = null;
  let reopen: () => void = () => {};
  try {
    signal.throwIfAborted();
    const ref = resume?.ref ?? (await createSession(config, request)).id;
    const path = `/sessions/${encodeURIComponent(ref)}`;
    const own = { signal: closing.signal, onExchange };
    reader = createReader({
      session_ref: ref,
      flavour,
      emit: request.emit,
      timing,
      reopen: () => reopen(),
      isBusy: async () => isBusy(await http.json({ path, query: { messages: 0 }, ...own }, SessionInfo)),
    });
    const opened = resume ? await takeUp(config, request, reader, path) : await readNew(config, path, signal);
    const mode = await applyPermissionMode(config, request, path);
    const link = createLink({
      ...config,
      own,
      path,
      sandbox_ref: request.sandbox_ref,
      reader,
      info: opened.info,
      options: [...(opened.info.options ?? []), ...mode],
      ...(resume && { continued: true }),
      stop: () => closing.abort(new BackendError("invalid_state", "The link to this session is closed.")),
    });
    reopen = follow(config, request, reader, { path, opened, signal: closing.signal });
    return link;
  } catch (error) {
    reader?.stop();
    signal.throwIfAborted();
    throw refine(error);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}

export function isBusy({ state }: Pick<SessionInfo, "state">): boolean {
  return state === "processing" || state === "waiting_for_input";
}

/** The first server takes the model from the metadata, and ignores what it does not know. */
async function createSession({ http }: OpenConfig, request: OpenSession): Promise<SessionInfo> {
  const { agent, title, directory, options, signal, onExchange } = request;
  const model = typeof options.model === "string" ? { model_override: options.model } : {};
  const body = {
    agent,
    ...(title !== null && { title }),
    ...(directory !== null && { directory }),
    options,
    metadata: { ...model, ...request.metadata },
  };
  const path = `/sandboxes/${encodeURIComponent(request.sandbox_ref)}/sessions`;
  return http.json({ method: "POST", path, body, timeout_ms: 120_000, signal, onExchange }, SessionInfo);
}

async function readNew({ http, flavour }: OpenConfig, path: string, signal: AbortSignal): Promise<Opened> {
  const info = await http.json({ path, query: { messages: 0 }, signal }, SessionInfo);
  // A Sandbar sends nothing old unless it is asked for it; all of a new session's events are wanted.
  return { info, cursor: flavour === "sandbar" ? "0" : null, since: null };
}

/** Reads what there is of a session, shows its history when that is wanted, and says where to follow from. */
async function takeUp(
  { http, flavour }: OpenConfig,
  request: OpenSession,
  reader: Reader,
  path: string,
): Promise<Opened> {
  const { signal, resume, history } = request;
  const cursor = resume?.cursor ?? null;
  const replays = history === "replay" && cursor === null;
  const query = { messages: replays && flavour === "plain" ? undefined : 0 };
  const info = await http.json({ path, query, signal }, SessionWithMessages);
  let last = cursor;
  if (replays && flavour === "sandbar") {
    for await (const envelope of readLog(http, path, "0", signal)) {
      reader.take(envelope);
      last = envelope.id;
    }
  } else if (replays) {
    reader.report(mapHistory(info.messages ?? [], isBusy(info)));
  }
  // A turn that was open before may have ended meanwhile: its end is in what comes, or its state tells.
  if (!reader.memory.turn && (cursor !== null || isBusy(info))) {
    openTurn(reader.memory, "");
    reader.hintEnd("likely");
  }
  // The first server sends its whole ring to who names no event; what is older than the session's last change is known.
  const since = last === null && flavour === "plain" ? (info.updated_at ?? null) : null;
  return { info, cursor: last, since };
}

/** A Sandbar's log after a cursor, oldest first. */
async function* readLog(
  http: Http,
  path: string,
  cursor: string,
  signal: AbortSignal,
): AsyncGenerator<Envelope> {
  for (let after: string | null = cursor; after !== null;) {
    const page: { items: Envelope[]; next_cursor?: string | null } = await http.json(
      { path: `${path}/events`, query: { after, limit: 1000 }, signal },
      EventLog,
    );
    yield* page.items;
    after = page.items.length > 0 ? (page.next_cursor ?? null) : null;
  }
}

/** The policy lives in the server's memory, so it is set each time a session is opened (spec 3). */
async function applyPermissionMode({ http, flavour }: OpenConfig, request: OpenSession, path: string) {
  if (flavour === "sandbar") return [];
  const wanted = request.options.permission_mode;
  const mode = typeof wanted === "string" ? wanted : null;
  if (mode === null) return [permissionModeOption("auto_approve")];
  const known = await hasPermissionMode(
    http.json(
      { method: "POST", path: `${path}/permissions`, body: { mode }, signal: request.signal },
      Ignored,
    ),
  );
  return known ? [permissionModeOption(mode)] : [];
}

type Following = { path: string; opened: Opened; signal: AbortSignal };

/** Follows the session for its reader; returns what opens the stream again. */
function follow(
  { http, flavour, random, timing }: OpenConfig,
  request: OpenSession,
  reader: Reader,
  { path, opened, signal }: Following,
): () => void {
  const { cursor, since } = opened;
  const { lost, reopen } = followStream({
    http,
    path: `${path}/stream`,
    cursor,
    random,
    timing,
    signal,
    onOpen: () => reader.opened(),
    onEnvelope: (envelope) => {
      if (since === null || !isOlder(envelope, since)) reader.take(envelope);
    },
    onJunk: (error, raw) => reader.junk(error, raw),
    missed: (after) => (flavour === "sandbar" ? readLog(http, path, after, signal) : nothing()),
  });
  lost.catch((error: unknown) => {
    reader.stop();
    if (signal.aborted) return;
    const refined = refine(error);
    const reason = refined instanceof Error ? refined.message : "The session could not be followed any more.";
    const recoverable = !(refined instanceof BackendError && refined.code === "not_found");
    request.onClosed({ reason, stderr: null, recoverable });
  });
  return reopen;
}

async function* nothing(): AsyncGenerator<Envelope> {}

function isOlder({ timestamp }: Envelope, since: string): boolean {
  return Date.parse(timestamp ?? "") <= Date.parse(since);
}
