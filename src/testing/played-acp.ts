import { afterEach, beforeEach } from "vitest";
import type { OpenSession, SessionLink } from "#src/backends/backend.ts";
import { type FakeAcpServer, type FakeInstance, startFakeAcpServer } from "./fake-acp-server.ts";
import { LinkRecorder, requestFor } from "./link-recorder.ts";
import { type AgentServerClient, createAgentServerClient } from "#src/backends/sandbox-agent/client.ts";
import type { RpcTiming } from "#src/backends/sandbox-agent/rpc.ts";

/** What `session/new` and `session/load` answer. */
export const session = {
  sessionId: "s1",
  configOptions: [
    {
      id: "effort",
      name: "Effort",
      category: "thought_level",
      type: "select",
      currentValue: "low",
      options: [
        { value: "low", name: "Low" },
        { value: "high", name: "High" },
      ],
    },
  ],
};

/** A request of the agent, as it comes by the stream. */
export const permission = {
  jsonrpc: "2.0",
  id: 0,
  method: "session/request_permission",
  params: {
    sessionId: "s1",
    toolCall: {
      toolCallId: "c1",
      title: "rm -rf build",
      kind: "execute",
      rawInput: { command: "rm -rf build" },
    },
    options: [
      { optionId: "yes", name: "Yes", kind: "allow_once" },
      { optionId: "no", name: "No", kind: "reject_once" },
    ],
  },
};

export const hello = [{ type: "text", text: "hello" }] as const;
export const endTurn = { result: { stopReason: "end_turn" } };

export type Opened = { link: SessionLink; agent: FakeInstance; watch: LinkRecorder };

export type Played = {
  readonly server: FakeAcpServer;
  readonly client: AgentServerClient;
  /** Opens a session; the agent is the test's to play. */
  open(change?: Partial<OpenSession>): Promise<Opened>;
  /** What the link of `watch` is asked for. */
  requestOf(watch: LinkRecorder, change?: Partial<OpenSession>): OpenSession;
};

/** A server without an agent and a client of it, anew for every test of the file. */
export function playedServer(timing: Partial<RpcTiming> = {}): Played {
  let server: FakeAcpServer;
  let client: AgentServerClient;
  beforeEach(async () => {
    server = await startFakeAcpServer();
    client = createAgentServerClient({
      url: server.url,
      token: "a-token-of-the-test",
      random: () => 0,
      timing: {
        stderr_grace_ms: 100,
        stream_grace_ms: 100,
        max_attempts: 3,
        backoff: { base_ms: 2, max_ms: 4 },
        ...timing,
      },
    });
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  const requestOf: Played["requestOf"] = (watch, change) =>
    requestFor(watch, { sandbox_ref: "default", agent: "mock", directory: "/w", ...change });

  return {
    get server() {
      return server;
    },
    get client() {
      return client;
    },
    requestOf,
    async open(change) {
      const watch = new LinkRecorder();
      const making = server.nextInstance();
      const opening = client.openSession(requestOf(watch, change));
      const agent = await making;
      agent.answer(await agent.request("session/new"), { result: session });
      return { link: await opening, agent, watch };
    },
  };
}
