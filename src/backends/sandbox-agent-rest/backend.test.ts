import { describeBackend } from "#src/testing/backend-conformance.ts";
import { startFakeSandboxAgentRest } from "#src/testing/fake-sandbox-agent-rest.ts";
import { createSandboxAgentRestBackend } from "./backend.ts";

describeBackend("sandbox_agent_rest", {}, async (token) => {
  const server = await startFakeSandboxAgentRest({ token });
  return {
    server,
    connect: (given, patient) =>
      createSandboxAgentRestBackend({
        url: server.url,
        token: given,
        random: () => 0,
        timing: {
          poll_ms: patient ? 20_000 : 60,
          hold_ms: 10,
          backoff: { base_ms: 5, max_ms: 20 },
          silence: { mock_after_request_ms: 40, agent_after_request_ms: 40, no_turn_events_ms: 2_000 },
        },
      }),
    sandbox_ref: "default",
    agent: "mock",
    words: {
      echo: (text) => `echo ${text}`,
      permission: "permission",
      question: "question",
      rich: "demo",
      endless: "permission",
    },
    isReply: ({ url }) => /\/(permissions|questions)\/[^/]+\/(reply|reject)$/.test(url),
    transport: "stream",
    calls: {
      words: /GET .*\/events\/sse$/,
      prompt: /POST .*\/messages$/,
      recovery: /GET .*\/events\/sse$/,
      sessions: /GET \/v1\/sessions$/,
    },
    forget: () => server.forget(),
    close: () => server.close(),
  };
});
