import type {
  AgentRequestParamsByMethod,
  AgentRequestResponsesByMethod,
  AnyMessage,
  ContentBlock,
  SessionNotification,
  SessionUpdate,
  ToolCallUpdate,
} from "@agentclientprotocol/sdk";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { connectMockAgent } from "./agent.ts";
import { Shell } from "./shell.ts";
import { SessionStore } from "./store.ts";

type Method = keyof AgentRequestParamsByMethod;
type Reply<M extends Method = Method> = {
  result?: AgentRequestResponsesByMethod[M];
  error?: { code: number; message: string; data?: unknown };
};
type AgentRequest = { method: string; params: unknown };
type Answer = (request: AgentRequest) => unknown;

/** Answers for `TestClient.answer`, by what a user would press. */
export const answers = {
  once: () => ({ outcome: { outcome: "selected", optionId: "once" } }),
  always: () => ({ outcome: { outcome: "selected", optionId: "always" } }),
  reject: () => ({ outcome: { outcome: "selected", optionId: "reject" } }),
  never: () => new Promise<never>(() => {}),
};

/** A raw JSON-RPC client of a mock agent in this process: sees exactly what goes over the wire. */
export class TestClient {
  readonly printed: string[] = [];
  readonly logged: string[] = [];
  readonly exits: number[] = [];
  readonly updates: SessionUpdate[] = [];
  readonly requests: AgentRequest[] = [];
  answer: Answer = answers.never;
  sessionId = "";
  readonly cwd: string;
  readonly #writer: WritableStreamDefaultWriter<AnyMessage>;
  readonly #replies = new Map<unknown, (message: unknown) => void>();
  readonly #watchers = new Set<() => void>();
  #lastId = 0;

  /** An initialised client in a fresh folder; `data` keeps sessions over clients. */
  static async start({
    data,
    cwd,
    forms = true,
  }: { data?: string; cwd?: string; forms?: boolean } = {}): Promise<TestClient> {
    const client = new TestClient(cwd ?? (await temporary()), data ?? (await temporary()));
    const clientCapabilities = forms ? { elicitation: { form: {} } } : {};
    await client.request("initialize", { protocolVersion: 1, clientCapabilities });
    return client;
  }

  static async withSession(
    options: { data?: string; cwd?: string; forms?: boolean } = {},
  ): Promise<TestClient> {
    const client = await TestClient.start(options);
    const { result } = await client.request("session/new", { cwd: client.cwd, mcpServers: [] });
    client.sessionId = result?.sessionId ?? "";
    await client.until(() => client.of("available_commands_update").length > 0);
    return client;
  }

  constructor(cwd: string, data: string) {
    this.cwd = cwd;
    const toAgent = new TransformStream<AnyMessage, AnyMessage>();
    const fromAgent = new TransformStream<AnyMessage, AnyMessage>();
    this.#writer = toAgent.writable.getWriter();
    connectMockAgent(
      { readable: toAgent.readable, writable: fromAgent.writable },
      {
        printLine: async (line) => void this.printed.push(line),
        logError: (line) => void this.logged.push(line),
        exit: (code) => {
          this.exits.push(code);
          this.#wake();
        },
        now: () => new Date(0),
        store: new SessionStore(data),
        shell: new Shell(),
      },
    );
    void this.#listen(fromAgent.readable);
  }

  async request<M extends Method>(method: M, params: AgentRequestParamsByMethod[M]): Promise<Reply<M>> {
    const id = (this.#lastId += 1);
    // The reply to a request of method M has M's result; the wire cannot say so.
    const reply = new Promise<Reply<M>>((resolve) =>
      this.#replies.set(id, (message) => resolve(message as Reply<M>)),
    );
    await this.#writer.write({ jsonrpc: "2.0", id, method, params });
    return reply;
  }

  prompt(text: string, ...more: ContentBlock[]): Promise<Reply<"session/prompt">> {
    return this.request("session/prompt", {
      sessionId: this.sessionId,
      prompt: [{ type: "text", text }, ...more],
    });
  }

  async cancel(): Promise<void> {
    const params = { sessionId: this.sessionId };
    await this.#writer.write({ jsonrpc: "2.0", method: "session/cancel", params });
  }

  /** Resolves when the condition holds, looked at after every message. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#watchers.add(resolve));
  }

  of<Kind extends SessionUpdate["sessionUpdate"]>(
    kind: Kind,
  ): Extract<SessionUpdate, { sessionUpdate: Kind }>[] {
    return this.updates.filter(
      (update): update is Extract<SessionUpdate, { sessionUpdate: Kind }> => update.sessionUpdate === kind,
    );
  }

  deltas(kind: "agent_message_chunk" | "agent_thought_chunk" = "agent_message_chunk"): string[] {
    return this.of(kind).flatMap(({ content }) => (content.type === "text" ? [content.text] : []));
  }

  /** All the agent said, as one text. */
  get said(): string {
    return this.deltas().join("");
  }

  /** A tool call by the order it came in, with its updates merged. */
  tool(index = 0): ToolCallUpdate {
    const call = this.of("tool_call")[index];
    if (!call) throw new Error(`there is no tool call ${index}`);
    const updates = this.of("tool_call_update").filter(({ toolCallId }) => toolCallId === call.toolCallId);
    return Object.assign({}, call, ...updates);
  }

  async #listen(readable: ReadableStream<AnyMessage>): Promise<void> {
    for await (const message of readable) {
      if (!("method" in message)) this.#replies.get(message.id)?.(message);
      else if ("id" in message)
        void this.#serve(message.id, { method: message.method, params: message.params });
      else if (message.method === "session/update")
        this.updates.push((message.params as SessionNotification).update);
      this.#wake();
    }
  }

  async #serve(id: string | number | null, request: AgentRequest): Promise<void> {
    this.requests.push(request);
    this.#wake();
    await this.#writer.write({ jsonrpc: "2.0", id, result: await this.answer(request) });
  }

  #wake(): void {
    for (const watcher of this.#watchers) watcher();
    this.#watchers.clear();
  }
}

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** A fresh folder, gone after the test file. */
export async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sandbar-mock-test-"));
  folders.push(folder);
  return folder;
}
