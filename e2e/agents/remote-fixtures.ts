import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { test as base } from "@playwright/test";
import type { Sandbox } from "#src/domain/sandbox.ts";
import type { Session } from "#src/domain/session.ts";
import { launchAgentServer, type RealAgentServer } from "#src/testing/real-agent-server.ts";
import { connectBackend } from "../connect.ts";
import { expect, signIn } from "../fixtures.ts";
import { startServer, type TestServer } from "../server.ts";
import { binOf } from "./installed.ts";
import { type ModelServer, startModelServer } from "./model-server.ts";
import { configure, PROFILES, type Profile } from "./profiles.ts";

/** A Sandbox Agent server outside Sandbar with the agent under test, and a Sandbar that is connected to it. */
export type RemoteStage = {
  server: TestServer;
  remote: RealAgentServer;
  model: ModelServer;
  backend_id: string;
  /** The sandbox that the remote server is. */
  sandbox_id: string;
};

export const test = base.extend<{ signedIn: undefined }, { agent: Profile["id"]; stage: RemoteStage }>({
  agent: ["opencode", { option: true, scope: "worker" }],
  stage: [
    async ({ agent, browser }, provide) => {
      const model = await startModelServer();
      const home = await mkdtemp(join(tmpdir(), "sandbar-remote-"));
      await configure(PROFILES[agent], home, model.url);
      const remote = await launchAgentServer(home, {
        ...PROFILES[agent].env(model.url),
        // Claude Code does not run as root unless it is told that this is a sandbox.
        IS_SANDBOX: "1",
        PATH: [binOf(agent), process.env.PATH].join(delimiter),
      });
      const server = await startServer();
      const page = await browser.newPage();
      await signIn(page, server);
      const backend_id = await connectBackend(page, server, { ...remote, name: "far" });
      await page.close();
      const [sandbox] = await server.api<Sandbox[]>("GET", `/sandboxes?backend=${backend_id}`);
      expect(sandbox?.state).toBe("running");
      await provide({ server, remote, model, backend_id, sandbox_id: sandbox?.id ?? "" });
      await server.dispose();
      await remote.stop();
      await model.close();
      await rm(home, { recursive: true, force: true });
    },
    { scope: "worker", timeout: 90_000 },
  ],
  signedIn: [
    async ({ page, stage }, provide) => {
      const { server, sandbox_id } = stage;
      await signIn(page, server);
      await provide(undefined);
      // Each agent is a process of its own, and a big one: it goes with its test.
      const sessions = await server.api<Session[]>("GET", `/sandboxes/${sandbox_id}/sessions`);
      for (const { id } of sessions) await server.api("PATCH", `/sessions/${id}`, { state: "completed" });
    },
    { auto: true },
  ],
});
