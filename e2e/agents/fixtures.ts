import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test as base } from "@playwright/test";
import { makeSandbox } from "../fixtures.ts";
import { startServer, type TestServer } from "../server.ts";
import { type Conversation, startConversation } from "./conversation.ts";
import { binOf } from "./installed.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { configure, PROFILES, type Profile } from "./profiles.ts";

/** The model that the agent under test asks, and the sandbox that it works in. */
export type Stage = {
  server: TestServer;
  model: ModelServer;
  sandbox_id: string;
  /** The sandbox's folder. */
  directory: string;
};

/** `stage` is one server and sandbox for all tests of an agent; `talk` is a session of the test's own. */
export const test = base.extend<{ talk: Conversation }, { agent: Profile["id"]; stage: Stage }>({
  agent: ["opencode", { option: true, scope: "worker" }],
  stage: [
    async ({ agent }, provide) => {
      const PATH = [binOf(agent), process.env.PATH].join(delimiter);
      const model = await startModelServer();
      const home = await mkdtemp(join(tmpdir(), "sandbar-agents-"));
      await configure(PROFILES[agent], home, model.url);
      const server = await startServer({ env: { HOME: home, PATH } });
      const { id } = await makeSandbox(server, {
        agent_provider: agent,
        env_vars: PROFILES[agent].env(model.url),
      });
      const { directory } = await server.api<{ directory: string }>("GET", `/sandboxes/${id}`);
      await provide({ server, model, sandbox_id: id, directory });
      await server.dispose();
      await model.close();
      await rm(home, { recursive: true, force: true });
    },
    { scope: "worker", timeout: 60_000 },
  ],
  // Each agent is a process of its own, and a big one: it goes with its test.
  talk: async ({ stage: { server, sandbox_id }, agent }, provide) => {
    const talk = await startConversation(server, sandbox_id, agent);
    await provide(talk);
    await server.api("PATCH", `/sessions/${talk.id}`, { state: "completed" });
  },
});
