import {
  type FakeAnswer,
  type FakeCall,
  type FakeServer,
  type FakeStream,
  startFakeServer,
} from "./fake-server.ts";
import { scriptOf, type Step, userPair } from "./fake-sandbox-agent-rest-script.ts";

type WireEvent = { sequence: number; type: string; data: Record<string, unknown> } & Record<string, unknown>;

type FakeSession = {
  id: string;
  info: Record<string, unknown>;
  events: WireEvent[];
  streams: Set<FakeStream>;
  items: Map<string, string>;
  posts: number;
  terminated: boolean;
  pending: Map<string, Record<string, unknown>>;
  always: Set<string>;
};

/** A Sandbox Agent 0.1.12 server with its mock agent, in this process (spec 2 to 6). */
export type FakeSandboxAgentRest = FakeServer & {
  readonly sessions: ReadonlyMap<string, FakeSession>;
  /** Appends an event as the agent would. */
  push(session_id: string, step: Step): void;
  /** Restarts the server: every session is gone. */
  forget(): void;
};

export type FakeRestConfig = {
  token?: string | null;
  /** Between scripted steps, in ms; the original waits 200. */
  step_ms?: number;
  /** Sandbar's superset: a turn can be stopped. */
  abort?: boolean;
  /** Routes of 0.1.11 and later. */
  files?: boolean;
};

export async function startFakeSandboxAgentRest(config: FakeRestConfig = {}): Promise<FakeSandboxAgentRest> {
  const { step_ms = 1, abort = false, files = true } = config;
  const sessions = new Map<string, FakeSession>();
  const stored = new Map<string, Uint8Array>();

  function push(session: FakeSession, { type, data, synthetic = false }: Step): void {
    const sequence = session.events.length + 1;
    const event: WireEvent = {
      event_id: `evt_${sequence}`,
      sequence,
      time: new Date(0).toISOString(),
      session_id: session.id,
      native_session_id: `mock-${session.id}`,
      synthetic,
      source: synthetic ? "daemon" : "agent",
      type,
      data: withItemIds(session, structuredClone(data) as Record<string, unknown>),
      raw: null,
    };
    session.events.push(event);
    for (const stream of session.streams) stream.send(frameOf(event));
  }

  function run(session: FakeSession, prompt: string): void {
    session.posts += 1;
    const p = `mock_${session.posts}`;
    push(session, { type: "turn.started", data: { phase: "started" }, synthetic: true });
    if (prompt.trim() === "") return;
    const { steps, ends } = scriptOf(prompt, p);
    const all = [...userPair(`${p}_user`, prompt.trim()), ...steps];
    if (ends) all.push({ type: "turn.ended", data: { phase: "ended" }, synthetic: true });
    play(session, all);
  }

  function play(session: FakeSession, steps: readonly Step[]): void {
    const [step, ...rest] = steps;
    if (!step || !sessions.has(session.id)) return;
    push(session, step);
    keepPending(session, step);
    setTimeout(() => play(session, rest), step_ms);
  }

  /** A request waits, or is resolved at once by an earlier "always" for its action. */
  function keepPending(session: FakeSession, { type, data }: Step): void {
    if (!type.endsWith(".requested")) return;
    const request = data as Record<string, unknown>;
    if (session.always.has(String(request.action))) {
      push(session, {
        type: "permission.resolved",
        data: { ...request, status: "accept_for_session" },
        synthetic: true,
      });
      return;
    }
    session.pending.set(String(request.permission_id ?? request.question_id), request);
  }

  function reply(
    session: FakeSession,
    kind: string,
    id: string,
    verb: string,
    body: unknown,
    answer: FakeAnswer,
  ): void {
    const request = session.pending.get(id);
    if (!request)
      return problem(answer, 400, "invalid_request", `invalid request: unknown ${kind} id: ${id}`);
    session.pending.delete(id);
    const given = body as { reply?: string; answers?: string[][] };
    if (kind === "permission") {
      if (given.reply === "always") session.always.add(String(request.action));
      const status = { once: "accept", always: "accept_for_session" }[given.reply ?? ""] ?? "reject";
      push(session, { type: "permission.resolved", data: { ...request, status }, synthetic: true });
    } else {
      const response = verb === "reject" ? null : (given.answers?.[0]?.[0] ?? null);
      const status = verb === "reject" ? "rejected" : "answered";
      push(session, { type: "question.resolved", data: { ...request, response, status }, synthetic: true });
    }
    answer.empty();
  }

  function create(id: string, body: Record<string, unknown>, answer: FakeAnswer): void {
    if (body.agent !== "mock")
      return problem(answer, 400, "unsupported_agent", `unsupported agent: ${String(body.agent)}`);
    if (sessions.has(id))
      return problem(answer, 409, "session_already_exists", `session already exists: ${id}`);
    const info = { agentMode: "build", permissionMode: "default", model: "mock", variant: null, ...body };
    const session: FakeSession = {
      id,
      info,
      events: [],
      streams: new Set(),
      items: new Map(),
      posts: 0,
      terminated: false,
      pending: new Map(),
      always: new Set(),
    };
    sessions.set(id, session);
    push(session, { type: "session.started", data: { metadata: info }, synthetic: true });
    answer.json(200, { healthy: true, nativeSessionId: `mock-${id}` });
  }

  function onSession(session: FakeSession, call: FakeCall, rest: string[], answer: FakeAnswer): void {
    const body = call.body as { message?: string; attachments?: { path: string }[] };
    const [what, id = "", verb = ""] = rest;
    switch (`${call.method} ${what}`) {
      case "POST messages": {
        if (session.terminated)
          return problem(answer, 400, "invalid_request", "invalid request: session terminated");
        const attached = body.attachments?.map(({ path }) => `- ${path}`) ?? [];
        const lines = attached.length > 0 ? `\n\nAttachments:\n${attached.join("\n")}` : "";
        run(session, `${body.message ?? ""}${lines}`);
        return answer.empty();
      }
      case "GET events": {
        if (id === "sse") return follow(session, call, answer);
        const after = session.events.filter(
          ({ sequence }) => sequence > Number(call.query.get("offset") ?? 0),
        );
        const limit = Number(call.query.get("limit") ?? after.length);
        return answer.json(200, { events: after.slice(0, limit), hasMore: after.length > limit });
      }
      case "POST permissions":
        return reply(session, "permission", id, verb, call.body, answer);
      case "POST questions":
        return reply(session, "question", id, verb, call.body, answer);
      case "POST terminate":
        if (!session.terminated) {
          const data = { reason: "terminated", terminated_by: "daemon" };
          push(session, { type: "session.ended", data, synthetic: true });
        }
        session.terminated = true;
        return answer.empty();
      case "POST abort":
        if (!abort) break;
        push(session, { type: "turn.ended", data: { phase: "ended" }, synthetic: true });
        return answer.empty();
    }
    noRoute(answer);
  }

  function follow(session: FakeSession, call: FakeCall, answer: FakeAnswer): void {
    const stream = answer.stream();
    const offset = Number(call.query.get("offset") ?? 0);
    for (const event of session.events) if (event.sequence > offset) stream.send(frameOf(event));
    session.streams.add(stream);
    stream.onClose(() => session.streams.delete(stream));
  }

  function onFile(call: FakeCall, what: string, answer: FakeAnswer): void {
    const path = call.query.get("path") ?? ".";
    if (call.method === "PUT" && what === "file") {
      stored.set(`/work/${path}`, call.bytes);
      return answer.json(200, { path: `/work/${path}`, bytesWritten: call.bytes.byteLength });
    }
    if (call.method === "GET" && what === "file") {
      const bytes = stored.get(path);
      if (bytes) return answer.bytes(bytes);
    }
    if (call.method === "GET" && what === "entries") {
      const entries = [...stored].map(([path, bytes]) => ({
        name: path,
        path,
        entryType: "file",
        size: bytes.byteLength,
      }));
      return answer.json(200, entries);
    }
    if (what === "stat" && path === ".")
      return answer.json(200, { path: "/work", entryType: "directory", size: 0 });
    problem(answer, 400, "invalid_request", `invalid request: path not found: ${path}`);
  }

  function handle(call: FakeCall, answer: FakeAnswer): void {
    const [, v1, what, ...rest] = call.path.split("/").map(decodeURIComponent);
    if (v1 !== "v1") return noRoute(answer);
    const [id = "", ...below] = rest;
    if (what === "health") return answer.json(200, { status: "ok" });
    if (what === "fs" && files) return onFile(call, id, answer);
    if (what === "agents") return onAgents(rest, answer);
    if (what !== "sessions") return noRoute(answer);
    if (id === "") return answer.json(200, { sessions: [...sessions.values()].map(infoOf).toReversed() });
    if (below.length === 0 && call.method === "POST")
      return create(id, call.body as Record<string, unknown>, answer);
    if (below[0] === "abort" && !abort) return noRoute(answer);
    const session = sessions.get(id);
    if (!session) return problem(answer, 404, "session_not_found", `session not found: ${id}`);
    onSession(session, call, below, answer);
  }

  const server = await startFakeServer(handle, {
    exempt: ["/v1/health"],
    refuse: (answer) => problem(answer, 401, "token_invalid", "token invalid"),
  });
  server.token = config.token ?? null;
  return Object.assign(server, {
    sessions,
    push(session_id: string, step: Step) {
      const session = sessions.get(session_id);
      if (!session) throw new Error(`no session ${session_id}`);
      push(session, step);
    },
    forget: () => sessions.clear(),
  });
}

function onAgents(rest: string[], answer: FakeAnswer): void {
  const [id, what] = rest;
  if (id === undefined) {
    const mock = { id: "mock", installed: true, credentialsAvailable: true, version: "builtin" };
    const claude = { id: "claude", installed: false, credentialsAvailable: false };
    return answer.json(200, { agents: [claude, mock] });
  }
  if (what === "install") return answer.empty();
  if (what === "modes") {
    const modes = ["build", "plan"].map((id) => ({ id, name: id, description: "" }));
    return answer.json(200, { modes });
  }
  if (what === "models")
    return answer.json(200, { models: [{ id: "mock", name: "Mock" }], defaultModel: "mock" });
  noRoute(answer);
}

function withItemIds(session: FakeSession, data: Record<string, unknown>): Record<string, unknown> {
  const holder = (data.item as Record<string, unknown> | undefined) ?? data;
  const native = holder.native_item_id;
  if (typeof native === "string" && holder.item_id === undefined) {
    const id = session.items.get(native) ?? `itm_${session.items.size + 1}`;
    session.items.set(native, id);
    holder.item_id = id;
  }
  return data;
}

function infoOf({ id, info, events, terminated }: FakeSession) {
  return {
    ...info,
    sessionId: id,
    nativeSessionId: `mock-${id}`,
    ended: terminated,
    eventCount: events.length,
    createdAt: 1_700_000_000_000,
    updatedAt: 1_700_000_000_000,
  };
}

function frameOf(event: WireEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

function noRoute(answer: FakeAnswer): void {
  answer.text(404, "404 Not Found\n\nsandbox-agent");
}

function problem(answer: FakeAnswer, status: number, word: string, detail: string): void {
  answer.json(status, { type: `urn:sandbox-agent:error:${word}`, title: word, status, detail });
}
