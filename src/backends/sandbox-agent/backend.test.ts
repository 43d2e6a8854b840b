import { describeBackend } from "#src/testing/backend-conformance.ts";
import { startMockPlayer } from "#src/testing/fake-acp-agent.ts";
import { startFakeAcpServer } from "#src/testing/fake-acp-server.ts";
import type { FakeCall } from "#src/testing/fake-server.ts";
import { createSandboxAgentBackend } from "./backend.ts";

const isPrompt = ({ body }: FakeCall): boolean =>
  typeof body === "object" && body !== null && "method" in body && body.method === "session/prompt";

const spared = {
  "reordered frames":
    "One connection keeps the order. A number that comes early is a hole, which is read again from the ring.",
};

describeBackend("sandbox_agent", spared, async (token) => {
  const player = await startMockPlayer();
  const server = await startFakeAcpServer({ token, play: (instance) => player.play(instance) });
  return {
    server,
    connect: (given, patient) =>
      createSandboxAgentBackend({
        url: server.url,
        token: given,
        random: () => 0,
        directory: player.folder,
        timing: {
          idle_ms: patient ? 20_000 : 100,
          lost_ms: 150,
          stderr_grace_ms: 20,
          stream_grace_ms: 300,
          backoff: { base_ms: 5, max_ms: 20 },
        },
      }),
    sandbox_ref: "default",
    agent: "mock",
    words: {
      echo: (text) => `echo ${text}`,
      permission: "permission",
      question: "question text",
      rich: "tool",
      endless: "stall",
    },
    isReply: ({ body }) => typeof body === "object" && body !== null && "result" in body,
    transport: "stream",
    calls: {
      words: /GET \/v1\/acp\/./,
      prompt: isPrompt,
      recovery: /GET \/v1\/acp\/./,
      sessions: /GET \/v1\/acp$/,
    },
    forget() {
      player.forget();
      server.forget();
    },
    async close() {
      await server.close();
      await player.close();
    },
  };
});
