import { describe } from "vitest";
import { describeBackend } from "#src/testing/backend-conformance.ts";
import type { BackendHarness, Spared } from "#src/testing/conformance-bench.ts";
import { startFakeAmika } from "#src/testing/fake-amika.ts";
import { createAmikaBackend } from "./backend.ts";

const kinds = {
  "agent-send": {
    chats: false,
    transport: "answer",
    words: /POST .*\/agent-send$/,
    spared: {
      "doubled frames": "The answer is one JSON body; there are no frames.",
      "reordered frames": "The answer is one JSON body; there are no frames.",
    },
  },
  stream: {
    chats: true,
    transport: "streamed_answer",
    words: /POST .*\/agent-sessions\/stream$/,
    spared: {
      "doubled frames":
        "Frames have no numbers, and their one connection is never taken up again: none comes twice.",
      "reordered frames": "Frames have no numbers, and their one connection keeps the order.",
    },
  },
} satisfies Record<
  string,
  Pick<BackendHarness, "transport"> & { spared: Spared; chats: boolean; words: RegExp }
>;

describe.each(Object.entries(kinds))("over %s", (name, { chats, transport, words, spared }) => {
  describeBackend(`amika, ${name}`, spared, async (token) => {
    const server = await startFakeAmika({ token, chats });
    return {
      server,
      connect: (given, patient) =>
        createAmikaBackend({
          url: server.url,
          token: given,
          random: () => 0,
          timing: {
            poll_ms: 2,
            ask_ms: 2,
            send_ms: patient ? 20_000 : 300,
            idle_ms: patient ? 20_000 : 100,
            lost_ms: patient ? 20_000 : 600,
            answered_ms: 50,
            backoff: { base_ms: 5, max_ms: 20 },
          },
        }),
      sandbox_ref: server.addSandbox("team/web").id,
      agent: "claude",
      words: { echo: (text) => `echo ${text}`, rich: "echo one two three", endless: "hold on" },
      isReply: () => false,
      transport,
      held: { word: (text) => `hold ${text}`, release: () => server.release() },
      calls: {
        words,
        prompt: words,
        recovery: /GET .*\/sandboxes\/.*\/sessions\/[^/]+$/,
        sessions: /GET .*\/sandboxes\/[^/]+\/sessions$/,
      },
      forget: () => server.forget(),
      close: () => server.close(),
    };
  });
});
