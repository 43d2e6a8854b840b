import { describe } from "vitest";
import { describeBackend } from "#src/testing/backend-conformance.ts";
import { startFakeSessionsApi } from "#src/testing/fake-sessions-api.ts";
import { createSessionsApiBackend } from "./backend.ts";

const spared = { "reordered frames": "Frames have no numbers, and one connection keeps their order." };

describe.each(["source", "doc", "sandbar"] as const)("as the server's %s", (style) => {
  describeBackend(`sessions_api, ${style}`, spared, async (token) => {
    const server = await startFakeSessionsApi({ token, style, keepalive_ms: 30 });
    return {
      server,
      connect: (given, patient) =>
        createSessionsApiBackend({
          url: server.url,
          token: given,
          random: () => 0,
          timing: {
            idle_ms: patient ? 20_000 : 150,
            backoff: { base_ms: 5, max_ms: 20 },
            settle_ms: 40,
            quiet_ms: 400,
            poll_ms: 5,
          },
        }),
      sandbox_ref: server.sandbox_id,
      agent: "claude-code",
      words: {
        echo: (text) => `echo ${text}`,
        permission: "permission",
        question: "question",
        rich: "rich",
        endless: "wait",
      },
      isReply: ({ url }) => /\/(permissions|user-input)\/[^/]+\/respond$/.test(url),
      transport: "stream",
      calls: {
        words: /GET .*\/sessions\/.*\/stream$/,
        prompt: /POST .*\/messages$/,
        recovery: /GET .*\/sessions\/.*\/stream$/,
        sessions: /GET .*\/sessions$/,
      },
      forget: () => server.forget(),
      close: () => server.close(),
    };
  });
});
