import path from "node:path";
import { beforeAll } from "vitest";
import { describeContract } from "#src/testing/backend-contract.ts";
import { bundle, make, temporaryFolder, testBackend } from "./test-local.ts";

const mockAgentPath = path.join(temporaryFolder(), "mock-agent.mjs");
const backend = testBackend({ mockAgentPath });
let sandbox_ref: string;

beforeAll(async () => {
  await bundle(path.join(import.meta.dirname, "../../agents/mock/main.ts"), mockAgentPath);
  const { id, done } = make(backend);
  await done;
  sandbox_ref = id;
});

// The troubles are those of its adapter for Sandbox Agent, which meets them with a fake server.
describeContract("local", () =>
  Promise.resolve({
    // The test backend keeps its secrets' values where the port has its methods, which a local backend lacks.
    backend: { ...backend, secrets: undefined },
    sandbox_ref,
    agent: "mock",
    words: {
      echo: (text: string) => `echo ${text}`,
      permission: "permission",
      question: "question text",
      rich: "tool",
      endless: "stall",
    },
    isReply: ({ body }) => typeof body === "object" && body !== null && "result" in body,
    close: () => Promise.resolve(),
  }),
);
