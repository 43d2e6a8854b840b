import {
  type FakeAnswer,
  type FakeCall,
  type FakeServer,
  type FakeStream,
  startFakeServer,
} from "./fake-server.ts";

/** A JSON-RPC message. */
export type Message = Record<string, unknown> & {
  id?: string | number;
  method?: string;
  params?: Record<string, unknown>;
};

/** One fake agent process: a ring of numbered messages and the streams that follow it. */
export class FakeInstance {
  readonly agent: string;
  /** Everything posted to it and not taken yet, in order. */
  readonly received: Message[] = [];
  readonly #ring: { id: number; data: string }[] = [];
  readonly #streams = new Set<FakeStream>();
  readonly #held = new Map<string, FakeAnswer>();
  readonly #watchers = new Set<() => void>();
  #next = 1;

  constructor(agent: string) {
    this.agent = agent;
  }

  /** Says something: into the ring and to every stream. */
  say(message: object): void {
    this.sayData(JSON.stringify(message));
  }

  sayData(data: string): void {
    const frame = { id: this.#next, data };
    this.#next += 1;
    this.#ring.push(frame);
    for (const stream of this.#streams) stream.send(frameText(frame));
  }

  update(sessionUpdate: string, fields: object): void {
    this.say({
      jsonrpc: "2.0",
      method: "session/update",
      params: { sessionId: "s1", update: { sessionUpdate, ...fields } },
    });
  }

  text(text: string): void {
    this.update("agent_message_chunk", { content: { type: "text", text } });
  }

  /** Into the ring alone, as if the streams had been too slow. */
  sayUnheard(message: object): void {
    this.#ring.push({ id: this.#next, data: JSON.stringify(message) });
    this.#next += 1;
  }

  /** Forgets the oldest messages of the ring. */
  forget(count: number): void {
    this.#ring.splice(0, count);
  }

  /** Answers a request: by its stream and by its POST. */
  answer(request: Message, body: { result: unknown } | { error: object }, posted: object = body): void {
    this.say({ jsonrpc: "2.0", id: request.id, ...body });
    this.post(request, 200, { jsonrpc: "2.0", id: request.id, ...posted });
  }

  /** Answers only the POST that carried a request. */
  post(request: Message, status: number, body: object | string): void {
    const answer = this.#held.get(String(request.id));
    this.#held.delete(String(request.id));
    if (typeof body === "object") answer?.json(status, body);
    else answer?.text(status, body);
  }

  /** Resolves with the first message posted from now on, or already posted and not yet taken, that fits. */
  async next(fits: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const index = this.received.findIndex(fits);
      const [found] = index < 0 ? [] : this.received.splice(index, 1);
      if (found) return found;
      await this.#change();
    }
  }

  request(method: string): Promise<Message> {
    return this.next((message) => message.method === method);
  }

  hold(message: Message, answer: FakeAnswer): void {
    this.received.push(message);
    if (message.method !== undefined && message.id !== undefined) this.#held.set(String(message.id), answer);
    else answer.empty(202);
    this.#changed();
  }

  follow(last: string | null, stream: FakeStream): void {
    for (const frame of this.#ring)
      if (last === null || frame.id > Number(last)) stream.send(frameText(frame));
    this.#streams.add(stream);
    stream.onClose(() => this.#streams.delete(stream));
  }

  /** Its process is gone, and with it its streams. */
  end(): void {
    for (const stream of this.#streams) stream.end();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.add(resolve);
    });
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }
}

function frameText({ id, data }: { id: number; data: string }): string {
  return `event: message\nid: ${id}\ndata: ${data}\n\n`;
}

export type FakeAcpServer = FakeServer & {
  readonly instances: Map<string, FakeInstance>;
  readonly deleted: string[];
  /** What a new process answers to `initialize`; null: whoever plays the agent answers. */
  capabilities: object | null;
  /** Resolves with the instance that is made next. */
  nextInstance(): Promise<FakeInstance>;
  /** Restarts the server: every process is gone. */
  forget(): void;
};

/**
 * Sandbox Agent's ACP routes (spec 2.2) without an agent: the test plays each process, or `play` does, and it can
 * misbehave as the real one does.
 */
export async function startFakeAcpServer({
  token = null,
  play,
}: { token?: string | null; play?: (instance: FakeInstance) => void } = {}): Promise<FakeAcpServer> {
  const waiting: ((instance: FakeInstance) => void)[] = [];
  const instances = new Map<string, FakeInstance>();
  const deleted: string[] = [];

  function serve(call: FakeCall, answer: FakeAnswer): void {
    const id = /^\/v1\/acp\/(.+)$/.exec(call.path)?.[1];
    if (call.path === "/v1/health") return answer.json(200, { status: "ok" });
    if (call.path === "/v1/acp") return listServers(answer);
    if (id === undefined) return problem(answer, 404, "not_found");
    if (call.method === "DELETE") return remove(id, answer);
    // The body of a POST is one JSON-RPC message.
    if (call.method === "POST") return receive(id, call.query.get("agent"), call.body as Message, answer);
    const instance = instances.get(id);
    if (!instance) return problem(answer, 404, "session_not_found");
    const last = call.headers["last-event-id"];
    instance.follow(typeof last === "string" ? last : null, answer.stream());
  }

  function listServers(answer: FakeAnswer): void {
    const servers = [...instances].map(([serverId, { agent }]) => ({ serverId, agent, createdAtMs: 1 }));
    answer.json(200, { servers });
  }

  function remove(id: string, answer: FakeAnswer): void {
    deleted.push(id);
    instances.get(id)?.end();
    instances.delete(id);
    answer.empty(204);
  }

  function receive(id: string, agent: string | null, message: Message, answer: FakeAnswer): void {
    const instance = instances.get(id) ?? create(id, agent);
    if (!instance) {
      const detail = `invalid request: missing required 'agent' query parameter for first POST to /v1/acp/${id}`;
      const body = { ...problemOf(400, "invalid_request"), detail };
      return answer.json(400, body, { "content-type": "application/problem+json" });
    }
    instance.hold(message, answer);
    if (message.method === "initialize" && fake.capabilities) {
      instance.answer(message, { result: { protocolVersion: 1, agentCapabilities: fake.capabilities } });
    }
  }

  function create(id: string, agent: string | null): FakeInstance | null {
    if (agent === null) return null;
    const instance = new FakeInstance(agent);
    instances.set(id, instance);
    waiting.shift()?.(instance);
    play?.(instance);
    return instance;
  }

  const server = await startFakeServer(serve, { refuse: (answer) => problem(answer, 401, "token_invalid") });
  server.token = token;
  const own = {
    instances,
    deleted,
    capabilities: play
      ? null
      : { loadSession: true, promptCapabilities: { image: true, embeddedContext: true } },
    nextInstance: () => new Promise<FakeInstance>((resolve) => waiting.push(resolve)),
    forget(): void {
      for (const instance of instances.values()) instance.end();
      instances.clear();
    },
  };
  const fake: FakeAcpServer = Object.assign(server, own);
  return fake;
}

function problem(answer: FakeAnswer, status: number, code: string): void {
  answer.json(status, problemOf(status, code), { "content-type": "application/problem+json" });
}

/** An error as the server writes it (spec 2). */
export function problemOf(status: number, code: string): object {
  return { type: `urn:sandbox-agent:error:${code}`, title: code, status, detail: `${code} happened` };
}
