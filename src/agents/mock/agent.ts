/**
 * Sandbar's mock agent: a scripted agent that speaks ACP on stdio, so that every screen, test and demonstration works
 * with no network, no keys and no chance. `sandbox-agent` runs it in place of its own `mock`.
 *
 * The first word of a prompt picks a script (`words/table.ts`; say `help` for the list); any other text is echoed.
 * The words of the 0.1 mock behave as it did, through ACP updates; more words do real work in the session's folder,
 * ask real permissions and wait for the answers, or misbehave in ways that real agents do.
 *
 * Deterministic: ids are counters (`mock-1`, `msg_1`, `call_1`), text is fixed, time appears only in `updatedAt`.
 * Sessions are kept on disk, so `session/load` works in a fresh process.
 */
import {
  PROTOCOL_VERSION,
  RequestError,
  agent,
  methods,
  type AgentConnection,
  type AgentContext,
  type AgentRequestContext,
  type CancelNotification,
  type InitializeRequest,
  type InitializeResponse,
  type JsonRpcId,
  type ListSessionsResponse,
  type NewSessionRequest,
  type NewSessionResponse,
  type PromptRequest,
  type PromptResponse,
  type SessionUpdate,
  type SetSessionConfigOptionRequest,
  type SetSessionConfigOptionResponse,
  type Stream,
} from "@agentclientprotocol/sdk";
import { ReplyHooks, type Host } from "./host.ts";
import { configOptions, modeState, withOption } from "./options.ts";
import { parsePrompt } from "./prompt.ts";
import { Session } from "./session.ts";
import { Turn } from "./turn.ts";
import { availableCommands } from "./words/commands.ts";
import { findScript } from "./words/table.ts";

/** Serves the mock agent on a stream until the stream closes. */
export function connectMockAgent(stream: Stream, host: Host): AgentConnection {
  const replies = new ReplyHooks();
  const mock = new MockAgent(host, replies);
  const connection = agent({ name: "mock" })
    .onRequest(methods.agent.initialize, ({ params }) => mock.initialize(params))
    .onRequest(methods.agent.authenticate, () => ({}))
    .onRequest(methods.agent.session.new, (context) => mock.newSession(context))
    .onRequest(methods.agent.session.load, (context) => mock.reopen(context, { replay: true }))
    .onRequest(methods.agent.session.resume, (context) => mock.reopen(context, { replay: false }))
    .onRequest(methods.agent.session.list, ({ params }) => mock.list(params.cwd ?? null))
    .onRequest(methods.agent.session.close, ({ params }) => mock.close(params.sessionId))
    .onRequest(methods.agent.session.setMode, ({ params }) => mock.setMode(params.sessionId, params.modeId))
    .onRequest(methods.agent.session.setConfigOption, ({ params }) => mock.setOption(params))
    .onRequest(methods.agent.session.prompt, (context) => mock.prompt(context))
    .onNotification(methods.agent.session.cancel, ({ params }) => mock.cancel(params))
    .connect(replies.watch(stream));
  connection.signal.addEventListener("abort", () => mock.cancelAll());
  return connection;
}

type Reopening = { sessionId: string; cwd: string };

class MockAgent {
  readonly #host: Host;
  readonly #replies: ReplyHooks;
  readonly #sessions = new Map<string, Session>();
  #clientHasForms = false;

  constructor(host: Host, replies: ReplyHooks) {
    this.#host = host;
    this.#replies = replies;
  }

  initialize({ clientCapabilities }: InitializeRequest): InitializeResponse {
    this.#clientHasForms = Boolean(clientCapabilities?.elicitation?.form);
    return {
      protocolVersion: PROTOCOL_VERSION,
      agentInfo: { name: "sandbar-mock", title: "Mock", version: "1" },
      agentCapabilities: {
        loadSession: true,
        promptCapabilities: { image: true, embeddedContext: true },
        sessionCapabilities: { list: {}, resume: {}, close: {} },
      },
      authMethods: [],
    };
  }

  async newSession({
    params,
    client,
    requestId,
  }: AgentRequestContext<NewSessionRequest>): Promise<NewSessionResponse> {
    const record = await this.#host.store.create(params.cwd, this.#host.now());
    const session = this.#open(new Session(record, client, this.#host));
    this.#replies.afterReply(requestId, () => this.#announce(session));
    return { sessionId: record.id, ...optionState(session) };
  }

  /** `session/load` and `session/resume`: the same, with and without the history as updates. */
  async reopen(
    { params, client, requestId }: AgentRequestContext<Reopening>,
    { replay }: { replay: boolean },
  ) {
    const session = await this.#restore(params, client);
    if (replay) for (const update of session.record.history) await session.deliver(update);
    this.#replies.afterReply(requestId, () => this.#announce(session));
    return optionState(session);
  }

  async list(cwd: string | null): Promise<ListSessionsResponse> {
    const records = await this.#host.store.list();
    const sessions = records.map((record) => ({
      sessionId: record.id,
      cwd: record.cwd,
      title: record.title,
      updatedAt: record.updated_at,
    }));
    return { sessions: sessions.filter((session) => cwd === null || session.cwd === cwd) };
  }

  close(sessionId: string): Record<string, never> {
    this.#session(sessionId).turn?.cancel();
    this.#sessions.delete(sessionId);
    return {};
  }

  async setMode(sessionId: string, modeId: string): Promise<Record<string, never>> {
    const session = this.#session(sessionId);
    await this.#change(session, "mode", modeId);
    await session.deliver({
      sessionUpdate: "config_option_update",
      configOptions: configOptions(session.record.options),
    });
    return {};
  }

  async setOption(params: SetSessionConfigOptionRequest): Promise<SetSessionConfigOptionResponse> {
    const session = this.#session(params.sessionId);
    await this.#change(session, params.configId, params.value);
    return { configOptions: configOptions(session.record.options) };
  }

  async prompt({ params, requestId }: AgentRequestContext<PromptRequest>): Promise<PromptResponse> {
    const session = this.#session(params.sessionId);
    refuseWhileRunning(session);
    const turn = new Turn(session, this.#clientHasForms);
    session.turn = turn;
    try {
      await recordPrompt(session, params.prompt);
      const prompt = parsePrompt(params.prompt);
      await findScript(prompt)(turn, prompt);
      return { stopReason: "end_turn" };
    } catch (error) {
      if (!turn.signal.aborted) throw error;
      return { stopReason: "cancelled" };
    } finally {
      await this.#finish(turn, requestId);
    }
  }

  cancel({ sessionId }: CancelNotification): void {
    this.#sessions.get(sessionId)?.turn?.cancel();
  }

  cancelAll(): void {
    for (const session of this.#sessions.values()) session.turn?.cancel();
  }

  #session(id: string): Session {
    const session = this.#sessions.get(id);
    if (!session) throw RequestError.sessionNotFound(id);
    return session;
  }

  #open(session: Session): Session {
    this.#sessions.set(session.record.id, session);
    return session;
  }

  async #restore({ sessionId, cwd }: Reopening, client: AgentContext): Promise<Session> {
    refuseWhileRunning(this.#sessions.get(sessionId));
    const record = await this.#host.store.read(sessionId);
    if (!record) throw RequestError.sessionNotFound(sessionId);
    return this.#open(new Session({ ...record, cwd }, client, this.#host));
  }

  async #change(session: Session, id: string, value: unknown): Promise<void> {
    session.record.options = withOption(session.record.options, id, value);
    await session.save();
    if (id === "mode") {
      await session.deliver({
        sessionUpdate: "current_mode_update",
        currentModeId: session.record.options.mode,
      });
    }
  }

  async #finish(turn: Turn, requestId: JsonRpcId): Promise<void> {
    const { session, exitCode } = turn;
    try {
      await turn.settle();
    } finally {
      await session.save();
      session.turn = null;
    }
    if (exitCode !== null) this.#replies.afterReply(requestId, () => this.#host.exit(exitCode));
  }

  #announce(session: Session): void {
    const update: SessionUpdate = { sessionUpdate: "available_commands_update", availableCommands };
    session
      .deliver(update)
      .catch((error: unknown) => this.#host.logError(`mock: commands not sent: ${String(error)}`));
  }
}

function refuseWhileRunning(session: Session | undefined): void {
  if (session?.turn)
    throw RequestError.invalidRequest(undefined, `session ${session.record.id} is running a turn`);
}

function optionState({ record }: Session): Omit<NewSessionResponse, "sessionId"> {
  return { modes: modeState(record.options), configOptions: configOptions(record.options) };
}

/** Keeps the user's blocks for replay and saves, so that a crash in the turn does not lose the prompt. */
async function recordPrompt(session: Session, prompt: PromptRequest["prompt"]): Promise<void> {
  const messageId = session.nextId("message");
  for (const content of prompt) session.keep({ sessionUpdate: "user_message_chunk", messageId, content });
  await session.save();
}
