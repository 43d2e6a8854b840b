import { BackendError } from "#src/backends/backend-error.ts";
import type { OpenSession, SessionLink } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import { parseCursor } from "./cursor.ts";
import { outcomeError, refine } from "./errors.ts";
import { createInstance, type Instance, type InstanceConfig } from "./instance.ts";
import { type AgentCapabilities, applyOptions, createLink } from "./link.ts";
import { optionsFromWire } from "./map-options.ts";
import { mcpServers } from "./mcp-servers.ts";
import { type Rpc, removeInstance, type RpcTiming } from "./rpc.ts";
import { InitializeResult, Instances, RpcMessage, SessionList, WireSession } from "./wire.ts";

type OpenConfig = {
  http: Http;
  random: () => number;
  timing: RpcTiming;
  /** Every instance that is followed now; those that end leave it. */
  instances: Set<Instance>;
  /** The folder of sessions that name none; asked for only when needed. */
  defaultDirectory: (signal: AbortSignal) => Promise<string>;
};

const INITIALIZE = {
  protocolVersion: 1,
  clientCapabilities: {
    fs: { readTextFile: false, writeTextFile: false },
    terminal: false,
    elicitation: { form: {} },
    session: { configOptions: { boolean: {} } },
  },
  clientInfo: { name: "sandbar", title: "Sandbar", version: "1" },
};

/**
 * Opens a session: in the process that still runs it when there is one, else in a new process, restored from what the
 * agent stored.
 * @throws BackendError `unsupported` when the session exists but its agent cannot restore sessions
 */
export async function openSession(config: OpenConfig, request: OpenSession): Promise<SessionLink> {
  const { resume } = request;
  try {
    const running = resume ? await reattach(config, request, resume) : null;
    return running ?? (await openInNewProcess(config, request));
  } catch (error) {
    throw refine(error);
  }
}

type Place = Pick<InstanceConfig, "request" | "directory" | "server_id" | "since">;

/** An instance that leaves the set of those that are followed when it ends. */
function track(config: OpenConfig, place: Place): Instance {
  const { instances } = config;
  const instance = createInstance({ ...config, ...place, onEnd: (ended) => instances.delete(ended) });
  instances.add(instance);
  return instance;
}

/** The link to the process that the cursor names, or null when that process is gone or was given up. */
async function reattach(
  config: OpenConfig,
  request: OpenSession,
  resume: NonNullable<OpenSession["resume"]>,
): Promise<SessionLink | null> {
  const cursor = parseCursor(resume.cursor);
  if (!cursor || !(await isListed(config.http, cursor.server_id, request.signal))) return null;
  if (cursor.position === null) {
    await removeInstance(config.http, cursor.server_id);
    return null;
  }
  const directory = request.directory ?? "/";
  const instance = track(config, {
    request,
    directory,
    server_id: cursor.server_id,
    since: cursor.position,
  });
  const { reader, rpc } = instance;
  reader.setRef(resume.ref);
  rpc.follow(cursor.position);
  const release = closeOnAbort(instance, request.signal);
  try {
    // Answered after the whole ring was read; an entry stays listed after its process ended, and then this fails.
    const capabilities = capabilitiesOf(await instance.ask("initialize", INITIALIZE));
    return finish(instance, createLink(instance, resume.ref, capabilities, true));
  } catch (error) {
    instance.close();
    request.signal.throwIfAborted();
    if (!(error instanceof BackendError) || !["agent_failed", "not_found"].includes(error.code)) throw error;
    await rpc.remove();
    return null;
  } finally {
    release();
  }
}

async function isListed(http: Http, server_id: string, signal: AbortSignal): Promise<boolean> {
  const { servers } = await http.json({ path: "/v1/acp", signal }, Instances);
  return servers.some(({ serverId }) => serverId === server_id);
}

async function openInNewProcess(config: OpenConfig, request: OpenSession): Promise<SessionLink> {
  const directory = request.directory ?? (await config.defaultDirectory(request.signal));
  const instance = track(config, {
    request,
    directory,
    server_id: crypto.randomUUID(),
    since: null,
  });
  const release = closeOnAbort(instance, request.signal);
  try {
    const capabilities = await startAgent(instance.rpc, request.agent, request.signal);
    instance.rpc.follow(null);
    const ref = request.resume
      ? await restore(instance, request, request.resume.ref, directory, capabilities)
      : await newSession(instance, directory, request);
    const link = createLink(instance, ref, capabilities, false);
    await applyOptions(instance, link, request.options);
    return finish(instance, link);
  } catch (error) {
    instance.close();
    await instance.rpc.remove();
    request.signal.throwIfAborted();
    throw error;
  } finally {
    release();
  }
}

/** Lets the caller give up while the session opens; the signal means nothing afterwards. */
function closeOnAbort(instance: Instance, signal: AbortSignal): () => void {
  const close = (): void => {
    instance.close();
  };
  signal.addEventListener("abort", close, { once: true });
  return () => signal.removeEventListener("abort", close);
}

/** Says what the session offers, which also stores where it can be resumed. */
function finish(instance: Instance, link: SessionLink): SessionLink {
  instance.assertOpen();
  const { options, commands } = link;
  // An instance that was followed again may have dropped the message with its options; then the known ones stand.
  const known = options.length > 0 ? { options, commands } : {};
  instance.emitNow({ event_type: "session_updated", data: known });
  instance.opened();
  return link;
}

/** Starts an agent process and asks what it can do. */
export async function startAgent(rpc: Rpc, agent: string, signal: AbortSignal): Promise<AgentCapabilities> {
  const message = RpcMessage.parse(await rpc.start(agent, INITIALIZE, signal));
  if (message.error) throw outcomeError({ kind: "error", error: message.error, message, frame: null });
  return capabilitiesOf(message.result);
}

function capabilitiesOf(result: unknown): AgentCapabilities {
  return InitializeResult.safeParse(result).data?.agentCapabilities ?? {};
}

async function newSession(instance: Instance, cwd: string, { metadata }: OpenSession): Promise<string> {
  let ref = "";
  await instance.ask("session/new", { cwd, mcpServers: mcpServers(metadata.mcp) }, (outcome) => {
    if (outcome.kind === "result") ref = adopt(instance, outcome.result);
  });
  if (ref === "")
    throw new BackendError("agent_failed", "The agent made no session: its answer has no session id.");
  instance.reader.setRef(ref);
  return ref;
}

/** Brings back a session that the agent stored, with or without its history as events. */
async function restore(
  instance: Instance,
  request: OpenSession,
  ref: string,
  directory: string,
  can: AgentCapabilities,
): Promise<string> {
  const { reader } = instance;
  const method = can.loadSession ? "session/load" : "session/resume";
  if (!can.loadSession && !can.sessionCapabilities?.resume) {
    throw new BackendError(
      "unsupported",
      "This agent does not store sessions, so this one cannot go on. Start a new one.",
    );
  }
  const cwd = request.directory ?? (await directoryOf(instance, ref, can)) ?? directory;
  reader.setRef(ref);
  reader.setMode(request.history === "replay" ? "replay" : "skip");
  instance.hold();
  const params = { sessionId: ref, cwd, mcpServers: mcpServers(request.metadata.mcp) };
  const restored = instance.ask(method, params, (outcome) => {
    const frame = outcome.kind === "failed" ? null : outcome.frame;
    instance.emit(reader.setMode("live"), null, frame);
    instance.release(outcome.kind === "result" ? "tell" : "drop");
    if (outcome.kind === "result") adopt(instance, outcome.result);
  });
  await restored.catch(goneSentence);
  return ref;
}

function goneSentence(error: unknown): never {
  if (!(error instanceof BackendError) || error.code !== "not_found") throw error;
  throw new BackendError(
    "not_found",
    "The agent does not know this session any more. What was said stays here; start a new session to go on.",
    { cause: error, details: error.details },
  );
}

/** Takes over what the session offers, and returns its id. */
function adopt({ reader }: Instance, result: unknown): string {
  const session = WireSession.safeParse(result).data;
  if (session) reader.memory.options = optionsFromWire(session);
  return session?.sessionId ?? "";
}

/** The folder of a stored session: agents refuse to load one from elsewhere. */
async function directoryOf(instance: Instance, ref: string, can: AgentCapabilities): Promise<string | null> {
  if (!can.sessionCapabilities?.list) return null;
  const { data } = SessionList.safeParse(await instance.ask("session/list", {}));
  return data?.sessions.find(({ sessionId }) => sessionId === ref)?.cwd ?? null;
}
