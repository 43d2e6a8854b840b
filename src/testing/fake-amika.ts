import { type AgentTurn, agentTurn } from "./fake-amika-agent.ts";
import { AT, bodyOf, createFakeSecrets, refuse, type Row } from "./fake-amika-secrets.ts";
import { type FakeAnswer, type FakeCall, type FakeServer, startFakeServer } from "./fake-server.ts";

type FakeSession = Record<string, unknown> & {
  id: string;
  sandbox_id: string;
  metadata: Record<string, unknown>;
};

/** An Amika server in this process (spec 1): its sandboxes, sessions and secrets, with a scripted agent. */
export type FakeAmika = FakeServer & {
  readonly sandboxes: Map<string, Row>;
  readonly sessions: Map<string, FakeSession>;
  readonly secrets: Map<string, Row>;
  /** Tokens of SSH sessions that are valid. */
  readonly ssh: Set<string>;
  /** Adds a sandbox that runs. */
  addSandbox(name: string, fields?: Record<string, unknown>): Row;
  /** Lets every held turn end. */
  release(): void;
  /** Another client's turn. */
  say(session_id: string, prompt: string, response: string): void;
  /** Every session is gone. */
  forget(): void;
};

export type FakeAmikaConfig = {
  token?: string | null;
  /** Between two states of a sandbox, in ms. */
  step_ms?: number;
  /** `/agent-sessions` and its stream (August and later). */
  chats?: boolean;
  stream?: boolean;
  /** Where transcripts are: in the sessions' metadata, only in the chats, or nowhere. */
  transcripts?: "metadata" | "chats" | "none";
};

export async function startFakeAmika(config: FakeAmikaConfig = {}): Promise<FakeAmika> {
  const { step_ms = 2, chats = false, stream = chats, transcripts = "metadata" } = config;
  const sandboxes = new Map<string, Row>();
  const sessions = new Map<string, FakeSession>();
  const kept = new Map<string, unknown[]>();
  const ssh = new Set<string>();
  let held: (() => void)[] = [];
  let count = 0;
  const newId = (kind: string): string => `${kind}_${(count += 1)}`;
  const secrets = createFakeSecrets(newId);

  /** Takes a sandbox through states, one per step, as long as it exists. */
  function walk(row: Row, [fields, ...rest]: readonly Record<string, unknown>[]): void {
    if (!fields) return;
    setTimeout(() => {
      if (!sandboxes.has(row.id)) return;
      Object.assign(row, fields);
      walk(row, rest);
    }, step_ms);
  }

  function addSandbox(name: string, fields: Record<string, unknown> = {}): Row {
    const row: Row = {
      ...emptySandbox,
      id: newId("sbx"),
      name,
      created_at: new Date().toISOString(),
      ...fields,
    };
    sandboxes.set(row.id, row);
    return row;
  }

  function messagesOf(session_id: string): unknown[] {
    const known = kept.get(session_id) ?? [];
    kept.set(session_id, known);
    return known;
  }

  function say(session_id: string, prompt: string, response: string, is_error = false): void {
    const messages = messagesOf(session_id);
    messages.push({ role: "user", content: prompt, timestamp: AT });
    messages.push({ role: "assistant", content: response, timestamp: AT, is_error });
    const session = sessions.get(session_id);
    if (session && transcripts === "metadata") session.metadata = { ...session.metadata, messages };
  }

  /** Runs a turn of the agent to its end. */
  function work(session: FakeSession, message: string, turn: AgentTurn, ended: () => void): void {
    const end = (): void => {
      if (turn.kept) say(session.id, message, turn.response, turn.is_error);
      ended();
    };
    if (turn.pace === "held") held.push(end);
    else setTimeout(end, step_ms);
  }

  function answerOf(session: FakeSession, { response, is_error }: AgentTurn): Record<string, unknown> {
    return { session_id: session.id, response, is_error, is_new_session: false, cost_usd: 0.25 };
  }

  function agentSend(session: FakeSession, message: string, answer: FakeAnswer): Promise<void> {
    const turn = agentTurn(message);
    return new Promise((resolve, reject) => {
      // The fake server drops the connection of a handler that fails.
      if (turn.reply === "cut") reject(new Error("cut"));
      work(session, message, turn, () => {
        if (turn.reply === "junk") answer.text(200, "<!doctype html><h1>Gateway</h1>");
        else if (turn.reply === "legacy_auth") {
          const details = { type: "result", is_error: true, result: turn.response };
          answer.json(500, { error: "agent failed", details: JSON.stringify(details) });
        } else if (turn.reply !== "cut") answer.json(200, answerOf(session, turn));
        resolve();
      });
    });
  }

  function streamTurn(session: FakeSession, message: string, answer: FakeAnswer): void {
    const turn = agentTurn(message);
    const open = answer.stream();
    const send = (event: string, data: unknown): void =>
      open.send(`event: ${event}\r\ndata: ${JSON.stringify(data)}\r\n\r\n`);
    open.send(": heartbeat\n\n");
    send("status", { phase: "sandbox_ready", sandbox_id: session.sandbox_id });
    if (!turn.is_error) for (const part of turn.response.split(/(?<= )/)) send("delta", { text: part });
    if (turn.reply === "ceiling" || turn.reply === "cut") open.end();
    work(session, message, turn, () => {
      if (turn.reply.startsWith("error")) send("error", { error: turn.response });
      if (turn.reply !== "error") {
        const usage = { cost_usd: 0.25, input_tokens: 10, output_tokens: 5, duration_ms: 1200 };
        send("done", { ...answerOf(session, turn), cost_usd: undefined, usage });
      }
      open.end();
    });
  }

  function sandboxRoute(row: Row, rest: string[], call: FakeCall, answer: FakeAnswer): void | Promise<void> {
    const body = bodyOf(call);
    const route = `${call.method} /${rest.join("/")}`;
    switch (route) {
      case "GET /":
        return answer.json(200, row);
      case "DELETE /":
        Object.assign(row, { state: "deleting", status: "stopping" });
        setTimeout(() => sandboxes.delete(row.id), step_ms * 2);
        return answer.json(200, { ok: true });
      case "POST /start":
        if (row.status !== "suspended" && row.status !== "failed")
          return refuse(answer, 409, "conflict", "The sandbox is already starting.");
        walk(row, [
          { state: "initializing", status: "starting" },
          { state: "started", status: "running" },
        ]);
        return answer.json(202, { ok: true });
      case "POST /stop":
        if (row.setup_status === "setup-running")
          return refuse(answer, 409, "conflict", "The setup script is running.");
        walk(row, [
          { state: "stopping", status: "stopping" },
          { state: "stopped", status: "suspended" },
        ]);
        return answer.json(202, { ok: true });
      case "GET /lifecycle-events":
        return answer.json(200, { events: lifecycleEvents, count: lifecycleEvents.length });
      case "POST /ssh": {
        const token = newId("ssh");
        ssh.add(token);
        return answer.json(200, {
          ssh_destination: `-p 2222 ${token}@ssh.example.test`,
          token,
          expires_at: AT,
          sandbox_id: row.id,
          sandbox_name: row.name,
          repo_name: "web",
        });
      }
      case "DELETE /ssh":
        if (typeof body.token !== "string")
          return refuse(answer, 400, "validation_failed", "token is required");
        ssh.delete(body.token);
        return answer.empty(204);
      case "POST /agent-send": {
        const session = sessions.get(String(body.session_id));
        if (!session) return refuse(answer, 404, "session_not_found", "Session not found");
        return agentSend(session, String(body.message), answer);
      }
      default:
        return rest[0] === "sessions"
          ? sessionRoute(row, rest[1] ?? null, call, answer)
          : refuse(answer, 404, "not_found", "No such route");
    }
  }

  function sessionRoute(row: Row, id: string | null, call: FakeCall, answer: FakeAnswer): void {
    const body = bodyOf(call);
    const own = [...sessions.values()].filter(({ sandbox_id }) => sandbox_id === row.id);
    if (id === null && call.method === "GET") {
      const offset = Number(call.query.get("offset") ?? 0);
      const limit = Number(call.query.get("limit") ?? 50);
      return answer.json(200, { sessions: own.slice(offset, offset + limit), total: own.length });
    }
    if (id === null) {
      const session: FakeSession = {
        id: newId("ses"),
        sandbox_id: row.id,
        org_id: "org_1",
        agent_name: body.agent_name,
        status: "active",
        started_at: AT,
        ended_at: null,
        metadata: (body.metadata ?? {}) as Record<string, unknown>,
        created_at: AT,
        updated_at: AT,
      };
      sessions.set(session.id, session);
      return answer.json(201, session);
    }
    const session = id === "latest" ? own.at(-1) : own.find((known) => known.id === id);
    if (!session) return refuse(answer, 404, "session_not_found", "Session not found");
    // What is sent replaces: whoever leaves a key out loses it.
    if (call.method === "PATCH") Object.assign(session, body);
    return answer.json(200, session);
  }

  function chatRoute(id: string | null, call: FakeCall, answer: FakeAnswer): void {
    if (id === null) return answer.json(200, { sessions: [], total: sessions.size });
    if (id === "stream") {
      const { session_id, message } = bodyOf(call);
      const session = sessions.get(String(session_id));
      if (!stream) return answer.empty(405);
      if (!session) return refuse(answer, 404, "session_not_found", "Session not found");
      return streamTurn(session, String(message), answer);
    }
    const session = sessions.get(id);
    if (!session) return refuse(answer, 404, "session_not_found", "Session not found");
    const messages = transcripts === "none" ? [] : messagesOf(id);
    return answer.json(200, { session_id: id, sandbox_id: session.sandbox_id, messages });
  }

  function createSandbox(call: FakeCall, answer: FakeAnswer): void {
    const body = bodyOf(call);
    const name = String(body.name);
    if ([...sandboxes.values()].some((row) => row.name === name))
      return refuse(answer, 409, "conflict", `A sandbox named ${name} exists.`);
    const { repo_url = null, branch = null } = body;
    const row = addSandbox(name, {
      repo_url,
      branch,
      state: "initializing",
      status: "creating",
      setup_status: null,
    });
    const end =
      name === "doomed"
        ? { state: "failed", status: "failed", error_message: "No capacity." }
        : { state: "started", status: "running" };
    const setup = name === "bad-setup" ? "setup-failed" : "ok";
    walk(row, [{ status: "starting" }, { ...end, setup_status: "setup-running" }, { setup_status: setup }]);
    const resolved_agent_credentials = [
      { kind: "claude", outcome: "resolved", name: "team", type: "oauth", source: "default:oauth" },
      { kind: "codex", outcome: "skipped", reason: "no_user_credential" },
    ];
    answer.json(202, { ...row, resolved_agent_credentials });
  }

  const server = await startFakeServer(
    (call, answer) => {
      const [head, ...rest] = call.path.replace("/api/v0beta1/", "").split("/").map(decodeURIComponent);
      if (head === "secrets") return secrets.route(rest, call, answer);
      if (head === "agent-sessions" && chats) return chatRoute(rest[0] ?? null, call, answer);
      if (head !== "sandboxes") return refuse(answer, 404, "not_found", "No such route");
      const [ref] = rest;
      if (ref === undefined)
        return call.method === "POST"
          ? createSandbox(call, answer)
          : answer.json(200, [...sandboxes.values()]);
      const row = sandboxes.get(ref) ?? [...sandboxes.values()].find(({ name }) => name === ref);
      if (!row) return refuse(answer, 404, "sandbox_not_found", "Sandbox not found");
      return sandboxRoute(row, rest.slice(1), call, answer);
    },
    { refuse: (answer) => refuse(answer, 401, "unauthorized", "Invalid API key") },
  );
  server.token = config.token ?? null;
  return Object.assign(server, {
    sandboxes,
    sessions,
    secrets: secrets.rows,
    ssh,
    addSandbox,
    release() {
      const ends = held;
      held = [];
      for (const end of ends) end();
    },
    say,
    forget: () => sessions.clear(),
  });
}

const emptySandbox = {
  user_id: "usr_1",
  org_id: "org_1",
  provider: "daytona",
  provider_sandbox_id: null,
  provider_url: null,
  amika_opencode_web: null,
  repo_name: null,
  repo_provider: null,
  repo_id: null,
  repo_url: null,
  branch: null,
  commit_hash: null,
  snapshot: null,
  current_session_id: null,
  services: [
    { name: "web", url: "https://web.example.test", hostPort: 1, containerPort: 3000, protocol: "tcp" },
  ],
  state: "started",
  status: "running",
  setup_status: "ok",
  updated_at: AT,
};

const lifecycleEvents = [
  { id: "ev_1", run_kind: "provision", step: "boot", status: "succeeded", detail: null, created_at: AT },
  {
    id: "ev_2",
    run_kind: "provision",
    step: "warm-cache",
    status: "queued",
    detail: "3 layers",
    created_at: AT,
  },
];
