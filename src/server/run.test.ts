import { afterEach, expect, test, vi } from "vitest";
import type { Backend } from "#src/domain/backend.ts";
import { startTestServer, type TestServer } from "#src/testing/test-server.ts";

let server: TestServer | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
});

const thisMachine = async (): Promise<Backend | undefined> => {
  server = await startTestServer();
  const backends = await server.ask<Backend[]>(200, "GET", "/api/v1/backends");
  return backends.find(({ id }) => id === "local");
};

test("this machine tells the version of its agent server", async () => {
  expect(await thisMachine()).toMatchObject({
    state: "online",
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
});

test("a machine that cannot run sandboxes starts all the same, and says why", async () => {
  vi.stubEnv("SANDBAR_SANDBOX_AGENT", "/nowhere/sandbox-agent");
  expect(await thisMachine()).toMatchObject({
    state: "offline",
    state_detail: expect.stringContaining("/nowhere/sandbox-agent is missing"),
  });
});
