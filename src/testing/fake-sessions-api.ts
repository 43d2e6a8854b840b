import {
  type FakeAnswer,
  type FakeCall,
  type FakeServer,
  type FakeStream,
  startFakeServer,
} from "./fake-server.ts";
import { type ApiStyle, scriptOf, type Step } from "./fake-sessions-api-script.ts";

type Json = Record<string, unknown>;
type WireEnvelope = {
  id: string;
  session_id: string | null;
  event_type: string;
  data: Json;
  timestamp: string;
};
type FakeMessage = { id: string; session_id: string; role: string; content: unknown[]; timestamp: string };

type FakeSession = {
  id: string;
  sandbox_id: string;
  state: string;
  metadata: unknown;
  updated_at: string;
  options: Json[];
  messages: FakeMessage[];
  /** Ends the turn that runs, as an interruption. */
  stop: (() => void) | null;
  pending: Map<string, { kind: string; data: Json; proceed: (approved: boolean) => void }>;
  mode: string;
};
type FakeSandbox = { id: string; name: string; state: string; looks: number; spec: Json };

/** A Sessions API server in this process: as its source behaves, as its documents say, or as a Sandbar (spec 7). */
export type FakeSessionsApi = FakeServer & {
  readonly sandbox_id: string;
  readonly sessions: ReadonlyMap<string, FakeSession>;
  readonly sandboxes: ReadonlyMap<string, FakeSandbox>;
  /** Sends an event to everyone, as the server would. */
  push(session_id: string | null, event_type: string, data: Json): void;
  /** Restarts the server: every session and event is gone. */
  forget(): void;
};

export type FakeApiConfig = {
  token?: string | null;
  style?: ApiStyle;
  step_ms?: number;
  keepalive_ms?: number;
};

const RING = 500;

export async function startFakeSessionsApi(config: FakeApiConfig = {}): Promise<FakeSessionsApi> {
  const { style = "source", step_ms = 1, keepalive_ms = 15_000 } = config;
  const sandbox_id = "sb-1";
  const sandboxes = new Map<string, FakeSandbox>();
  const sessions = new Map<string, FakeSession>();
  const credentials = new Map<string, Json>();
  const streams = new Map<FakeStream, (event: WireEnvelope) => boolean>();
  let ring: WireEnvelope[] = [];
  let clock = 0;
  let counter = 0;

  const stamp = (): string => new Date(1_700_000_000_000 + (clock += 1)).toISOString();
  const newId = (): string => `id-${(counter += 1)}`;
  /** Sandbar's ids rise; the others' say nothing. */
  const eventId = (): string => (style === "sandbar" ? String((counter += 1)) : `evt_${crypto.randomUUID()}`);

  function addSandbox(id: string, name: string, state: string, spec: Json): FakeSandbox {
    const sandbox = { id, name, state, looks: 0, spec };
    sandboxes.set(id, sandbox);
    return sandbox;
  }
  addSandbox(sandbox_id, "first", "running", {
    agent_provider: "claude-code",
    env_vars: { SECRET: "clear" },
  });

  function push(session_id: string | null, event_type: string, data: Json): void {
    const envelope = { id: eventId(), sandbox_id, session_id, event_type, data, timestamp: stamp() };
    ring = [...ring, envelope].slice(-RING);
    for (const [stream, wants] of streams) if (wants(envelope)) stream.send(frameOf(envelope));
  }

  function frameOf(envelope: WireEnvelope): string {
    const name = style === "doc" ? "" : `event: ${envelope.event_type}\n`;
    return `id: ${envelope.id}\n${name}data: ${JSON.stringify(envelope)}\n\n`;
  }

  /** Runs a prompt's script; resolves with what the agent said. */
  async function run(session: FakeSession, message: FakeMessage, prompt: string): Promise<FakeMessage> {
    const emit = (type: string, data: Json): void => push(session.id, type, data);
    const isSandbar = style === "sandbar";
    const queued = { id: message.id, prompt_text: prompt, queued_at: message.timestamp };
    let stopped = false;
    const interrupted = new Promise<void>((resolve) => {
      session.stop = () => {
        stopped = true;
        resolve();
      };
    });
    session.state = "processing";
    if (isSandbar) {
      emit("user_message", { message_id: message.id, content: message.content, turn_id: message.id });
      emit("turn_started", { turn_id: message.id, message_id: message.id });
    } else {
      emit("queue_updated", { queue: [queued], queue_length: 1 });
      emit("queue_updated", { queue: [], queue_length: 0 });
    }
    const { steps, ends, said } = scriptOf(prompt, style);
    let denied = false;
    for (const step of steps) {
      await Promise.race([pause(), interrupted]);
      if (stopped || denied || !sessions.has(session.id)) break;
      if ("wait" in step) await interrupted;
      else if ("ask" in step)
        denied = !(await Promise.race([ask(session, step), interrupted.then(() => false)]));
      else emit(step.type, step.data);
    }
    const answer = store(session, "assistant", said === "" ? [] : [{ type: "text", text: said }]);
    session.stop = null;
    session.state = "active";
    if (isSandbar) emit("session_completed", completed(session.id, stopped));
    else if (ends && !stopped && !denied) endPlain(session, said);
    if (style === "source" && prompt !== "mute") emit("queue_updated", { queue: [], queue_length: 0 });
    return answer;
  }

  function endPlain(session: FakeSession, said: string): void {
    const usage = { input_tokens: 3, output_tokens: 4, cache_read_input_tokens: 5 };
    const rich = { cost_usd: 0.5, duration_ms: 12, session_id: "agent-1" };
    const more = style === "source" ? { ...rich, num_turns: 1, stop_reason: "end_turn", usage } : {};
    push(session.id, "text_complete", { text: said, ...more });
    push(session.id, "session_completed", style === "source" ? rich : { session_id: session.id });
  }

  function ask(session: FakeSession, step: Extract<Step, { ask: string }>): Promise<boolean> {
    const request_id = newId();
    session.state = "waiting_for_input";
    return new Promise((resolve) => {
      const proceed = (approved: boolean): void => {
        session.state = "processing";
        resolve(approved);
      };
      session.pending.set(request_id, { kind: step.ask, data: step.data, proceed });
      push(session.id, step.type, { request_id, ...step.data });
    });
  }

  function store(session: FakeSession, role: string, content: unknown[]): FakeMessage {
    const message = { id: newId(), session_id: session.id, role, content, timestamp: stamp() };
    session.messages.push(message);
    session.updated_at = message.timestamp;
    return message;
  }

  function pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, step_ms));
  }

  async function send(session: FakeSession, body: Json, answer: FakeAnswer): Promise<void> {
    const content = (body.content as { type: string; text?: string }[] | undefined) ?? [
      { type: "text", text: String(body.message) },
    ];
    const prompt = content.map(({ text }) => text ?? "").join("\n\n");
    const message = store(session, "user", content);
    const turn = run(session, message, prompt);
    if (style === "doc" || prompt === "mute") return answer.json(200, await turn);
    answer.json(style === "sandbar" ? 202 : 200, message);
    await turn;
  }

  function reply(session: FakeSession, id: string, verb: string, body: Json, answer: FakeAnswer): void {
    const request = session.pending.get(id);
    if (!request)
      return failure(answer, 409, style === "sandbar" ? "already_resolved" : "session_invalid_state");
    session.pending.delete(id);
    const approved = request.kind === "question" || (body.approved ?? body.reply !== "reject") === true;
    if (request.kind === "permission") {
      const rich = style === "sandbar" ? { reply: body.reply } : {};
      push(session.id, "permission_response", { request_id: id, tool_name: "Bash", approved, ...rich });
    } else if (style === "sandbar") {
      const state = verb === "reject" ? "rejected" : "answered";
      push(session.id, "user_input_response", { request_id: id, answers: body.answers ?? null, state });
    }
    request.proceed(approved);
    answer.json(200, { status: "ok", approved });
  }

  function stream(call: FakeCall, wants: (event: WireEnvelope) => boolean, answer: FakeAnswer): void {
    const open = answer.stream();
    const asked = call.query.get("last_event_id");
    if (style === "sandbar") {
      const resume = { status: "ok", cursor: asked ?? String(counter) };
      open.send(`event: resume\ndata: ${JSON.stringify(resume)}\n\n`);
      const after = asked === null ? Number.POSITIVE_INFINITY : Number(asked);
      for (const event of ring) if (Number(event.id) > after && wants(event)) open.send(frameOf(event));
    } else {
      const at = ring.findIndex(({ id }) => id === asked);
      for (const event of ring.slice(at + 1)) if (wants(event)) open.send(frameOf(event));
    }
    streams.set(open, wants);
    const beat = setInterval(() => {
      open.send(style === "source" ? ": keepalive\n\n" : "event: keepalive\ndata: {}\n\n");
    }, keepalive_ms);
    open.onClose(() => {
      clearInterval(beat);
      streams.delete(open);
    });
  }

  function infoOf(session: FakeSession): Json {
    const { id, sandbox_id, state, metadata, updated_at, options } = session;
    const rich = style === "sandbar" ? { agent: "claude-code", title: "Title", options, commands: [] } : {};
    return { id, sandbox_id, state, metadata, created_at: updated_at, updated_at, ...rich };
  }

  async function onSession(
    session: FakeSession,
    call: FakeCall,
    rest: string[],
    answer: FakeAnswer,
  ): Promise<void> {
    const body = call.body as Json;
    const [what = "", id = "", verb = ""] = rest;
    const wants = (event: WireEnvelope): boolean =>
      event.session_id === session.id || event.session_id === null;
    switch (`${call.method} ${what}`) {
      case "GET ":
        return answer.json(200, { ...infoOf(session), messages: session.messages });
      case "PATCH ":
        Object.assign(session, body);
        return answer.json(200, infoOf(session));
      case "POST messages":
        return send(session, body, answer);
      case "POST interrupt":
        session.stop?.();
        session.state = "active";
        return answer.json(200, { status: "interrupted" });
      case "GET stream":
        return stream(call, wants, answer);
      case "POST user-input":
        return reply(session, id, verb, body, answer);
      case "POST permissions":
        if (id !== "") return reply(session, id, verb, body, answer);
        if (style !== "source") break;
        session.mode = String(body.mode);
        return answer.json(200, { status: "ok", mode: body.mode });
      case "POST options":
        if (style !== "sandbar") break;
        session.options = session.options.map((option) =>
          option.id === body.id ? { ...option, value: body.value } : option,
        );
        return answer.json(200, session.options);
      case "GET events": {
        if (style !== "sandbar") break;
        const after = Number(call.query.get("after") ?? 0);
        const items = ring.filter((event) => event.session_id === session.id && Number(event.id) > after);
        return answer.json(200, { items, next_cursor: null });
      }
    }
    answer.text(404, "not found");
  }

  function onSandbox(sandbox: FakeSandbox, call: FakeCall, rest: string[], answer: FakeAnswer): void {
    const [what = "", ...more] = rest;
    const wants = (event: WireEnvelope): boolean => event.session_id === null;
    switch (`${call.method} ${what}`) {
      case "GET ":
        sandbox.looks += 1;
        // It comes up while it is looked at.
        if (sandbox.state === "creating" && sandbox.looks > 2) {
          sandbox.state = sandbox.spec.image === "bad" ? "failed" : "running";
        }
        return answer.json(200, sandboxInfo(sandbox));
      case "DELETE ":
        sandboxes.delete(sandbox.id);
        return answer.empty();
      case "POST start":
      case "POST resume":
        sandbox.state = "running";
        return answer.json(200, { status: "running" });
      case "POST stop":
      case "POST pause":
        sandbox.state = what === "stop" ? "stopped" : "paused";
        return answer.json(200, { status: sandbox.state });
      case "GET stats":
        return answer.json(200, { cpu_usage_percent: 5, memory_used_mb: 10 });
      case "GET logs":
        return answer.json(200, { logs: ["one", "two"] });
      case "GET stream":
        return stream(call, wants, answer);
      case "POST exec": {
        if (sandbox.state !== "running") return failure(answer, 409, "sandbox_invalid_state");
        const { command } = call.body as { command: string[] };
        return answer.json(200, { exit_code: 0, stdout: command.join(" "), stderr: "", duration_ms: 3 });
      }
      case "GET agents":
        if (style !== "sandbar") break;
        return answer.json(200, [
          {
            id: "claude-code",
            name: "Claude",
            installed: true,
            credentials_available: false,
            installable: true,
          },
        ]);
      case "GET files":
        if (more.length > 0) return answer.bytes(new TextEncoder().encode(`/${more.join("/")}`));
        return answer.json(200, [
          { path: "/a.ts", size: 3, is_dir: false, mode: "644", modified_at: stamp() },
        ]);
      case "PUT files":
      case "DELETE files":
        return answer.empty();
      case "GET sessions": {
        const own = [...sessions.values()].filter((session) => session.sandbox_id === sandbox.id);
        return answer.json(200, own.map(infoOf).toReversed());
      }
      case "POST sessions": {
        const body = call.body as Json;
        const option = { id: "model", name: "Model", category: "model", value: "small" };
        const choices = ["small", "large"].map((value) => ({ value, name: value }));
        const session: FakeSession = {
          id: crypto.randomUUID(),
          sandbox_id: sandbox.id,
          state: "active",
          metadata: body.metadata,
          updated_at: stamp(),
          options: style === "sandbar" ? [{ ...option, choices }] : [],
          messages: [],
          stop: null,
          pending: new Map(),
          mode: "auto_approve",
        };
        sessions.set(session.id, session);
        return answer.json(style === "source" ? 200 : 201, infoOf(session));
      }
    }
    answer.text(404, "not found");
  }

  function createSandbox(spec: Json, answer: FakeAnswer): void {
    const sandbox = addSandbox(newId(), String(spec.name), "creating", spec);
    const steps = ["prepare_image", "start_sandbox"];
    for (const step of steps) {
      const data = style === "source" ? { step, detail: "…" } : { step, status: "done" };
      push(null, "provisioning_step", data);
    }
    if (spec.image === "bad") push(null, "provisioning_failed", { error: "no such image" });
    else push(null, "provisioning_complete", { sandbox_id: sandbox.id });
    const doc = { id: sandbox.id, state: "pending", name: sandbox.name };
    answer.json(202, style === "doc" ? doc : { sandbox_id: sandbox.id, status: "provisioning" });
  }

  function onCredentials(call: FakeCall, id: string, answer: FakeAnswer): void {
    if (call.method === "POST") {
      const { value: _, data: __, ...kept } = call.body as Json;
      const credential = { id: newId(), created_at: stamp(), ...kept };
      credentials.set(credential.id, credential);
      return answer.json(201, credential);
    }
    if (call.method === "DELETE")
      return credentials.delete(id) ? answer.empty() : failure(answer, 404, "credential_not_found");
    answer.json(200, [...credentials.values()]);
  }

  function handle(call: FakeCall, answer: FakeAnswer): void | Promise<void> {
    const [, api, v1, what, id = "", ...rest] = call.path.split("/").map(decodeURIComponent);
    if (api !== "api" || v1 !== "v1") return answer.text(404, "not found");
    switch (what) {
      case "me":
        if (style !== "sandbar") break;
        return answer.json(200, { name: "ana", version: "9.9.9", data_dir: "/d" });
      case "agents":
        return answer.json(200, ["claude-code", "codex"]);
      case "credentials":
        return onCredentials(call, id, answer);
      case "sandboxes": {
        if (id === "" && call.method === "POST") return createSandbox(call.body as Json, answer);
        if (id === "") return answer.json(200, [...sandboxes.values()].map(sandboxInfo));
        const sandbox = sandboxes.get(id);
        return sandbox ? onSandbox(sandbox, call, rest, answer) : failure(answer, 404, "sandbox_not_found");
      }
      case "sessions": {
        const session = sessions.get(id);
        return session ? onSession(session, call, rest, answer) : failure(answer, 404, "session_not_found");
      }
    }
    answer.text(404, "not found");
  }

  const server = await startFakeServer(handle, { refuse: (answer) => failure(answer, 401, "unauthorized") });
  server.token = config.token ?? null;
  return Object.assign(server, {
    sandbox_id,
    sessions,
    sandboxes,
    push,
    forget() {
      sessions.clear();
      ring = [];
    },
  });
}

function completed(session_id: string, stopped: boolean): Json {
  const stop_reason = stopped ? "cancelled" : "end_turn";
  return { session_id, turn_id: "t", stop_reason, duration_ms: 7, cost_usd: null };
}

function sandboxInfo({ id, name, state, spec }: FakeSandbox): Json {
  const { agent_provider } = spec;
  return {
    id,
    name,
    state,
    agent_provider,
    persistence: "ephemeral",
    labels: {},
    spec,
    created_at: "2026-03-01T00:00:00Z",
  };
}

function failure(answer: FakeAnswer, status: number, code: string): void {
  answer.json(status, { error: { code, message: `The fake says ${code.replaceAll("_", " ")}.` } });
}
