import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

type Message = Record<string, unknown> & {
  id?: string | number;
  method?: string;
  params?: Record<string, unknown>;
};

/** One fake agent process: a ring of numbered messages and the streams that follow it. */
export class FakeInstance {
  readonly agent: string;
  /** Everything posted to it, in order. */
  readonly received: Message[] = [];
  readonly #ring: { id: number; data: string }[] = [];
  readonly #streams = new Set<ServerResponse>();
  readonly #held = new Map<string, ServerResponse>();
  readonly #watchers = new Set<() => void>();
  #next = 1;
  /** `Last-Event-ID` of every stream that was opened; null for none. */
  readonly opened: (string | null)[] = [];

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
    this.write(frameText(frame));
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

  /** Raw bytes to every stream. */
  write(text: string): void {
    for (const stream of this.#streams) stream.write(text);
  }

  /** Breaks every stream, with `half` of a frame sent before. */
  cut(half = ""): void {
    for (const stream of this.#streams) {
      if (half !== "") stream.write(half);
      stream.destroy();
    }
    this.#streams.clear();
  }

  /** Answers a request: by its stream and by its POST. */
  answer(request: Message, body: { result: unknown } | { error: object }, posted: object = body): void {
    this.say({ jsonrpc: "2.0", id: request.id, ...body });
    this.post(request, 200, { jsonrpc: "2.0", id: request.id, ...posted });
  }

  /** Answers only the POST that carried a request. */
  post(request: Message, status: number, body: object | string): void {
    const response = this.#held.get(String(request.id));
    this.#held.delete(String(request.id));
    const json = typeof body === "object";
    response?.writeHead(status, { "content-type": json ? "application/json" : "text/html" });
    response?.end(json ? JSON.stringify(body) : body);
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

  /** Resolves when a stream is open beyond the ones that were opened before. */
  async untilOpened(count: number): Promise<void> {
    while (this.opened.length < count) await this.#change();
  }

  hold(message: Message, response: ServerResponse): void {
    this.received.push(message);
    if (message.method !== undefined && message.id !== undefined)
      this.#held.set(String(message.id), response);
    else response.writeHead(202).end();
    this.#changed();
  }

  follow(last: string | null, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    for (const frame of this.#ring)
      if (last === null || frame.id > Number(last)) response.write(frameText(frame));
    this.#streams.add(response);
    this.opened.push(last);
    this.#changed();
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

export type FakeAcpServer = {
  readonly url: string;
  readonly instances: Map<string, FakeInstance>;
  readonly deleted: string[];
  /** When set, answers every request in the server's place. */
  override: ((request: IncomingMessage, response: ServerResponse) => boolean) | null;
  /** What a new process answers to `initialize`; null: the test answers. */
  capabilities: object | null;
  /** Resolves with the instance that is made next. */
  nextInstance(): Promise<FakeInstance>;
  close(): Promise<void>;
};

/** Sandbox Agent's ACP routes without an agent: the test plays the agent, and can misbehave as the real one does. */
export async function startFakeAcpServer(): Promise<FakeAcpServer> {
  const waiting: ((instance: FakeInstance) => void)[] = [];
  const server = createServer((request, response) => {
    void route(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");

  const fake: FakeAcpServer = {
    url: `http://127.0.0.1:${address.port}`,
    instances: new Map(),
    deleted: [],
    override: null,
    capabilities: { loadSession: true, promptCapabilities: { image: true, embeddedContext: true } },
    nextInstance: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (fake.override?.(request, response)) return;
    const url = new URL(request.url ?? "/", fake.url);
    const id = /^\/v1\/acp\/(.+)$/.exec(url.pathname)?.[1];
    if (id === undefined) return listServers(response);
    if (request.method === "DELETE") return remove(id, response);
    if (request.method === "POST")
      return receive(id, url.searchParams.get("agent"), JSON.parse(body), response);
    const instance = fake.instances.get(id);
    if (!instance) return problem(response, 404, "session_not_found");
    const last = request.headers["last-event-id"];
    instance.follow(typeof last === "string" ? last : null, response);
  }

  function listServers(response: ServerResponse): void {
    const servers = [...fake.instances].map(([serverId, { agent }]) => ({ serverId, agent, createdAtMs: 1 }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ servers }));
  }

  function remove(id: string, response: ServerResponse): void {
    fake.deleted.push(id);
    fake.instances.delete(id);
    response.writeHead(204).end();
  }

  function receive(id: string, agent: string | null, message: Message, response: ServerResponse): void {
    const known = fake.instances.get(id);
    const instance = known ?? new FakeInstance(agent ?? "");
    if (!known) {
      fake.instances.set(id, instance);
      waiting.shift()?.(instance);
    }
    instance.hold(message, response);
    if (message.method === "initialize" && fake.capabilities) {
      instance.answer(message, { result: { protocolVersion: 1, agentCapabilities: fake.capabilities } });
    }
  }

  return fake;
}

/** An error as the server writes it. */
export function problem(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(
    JSON.stringify({
      type: `urn:sandbox-agent:error:${code}`,
      title: code,
      status,
      detail: `${code} happened`,
    }),
  );
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
