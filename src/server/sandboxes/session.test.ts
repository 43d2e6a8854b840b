import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { LinkEvent } from "#src/backends/backend.ts";
import { bundle, make, markedPids, open, openRequest, temporaryFolder, testBackend } from "./test-local.ts";

const mockAgentPath = path.join(temporaryFolder(), "mock-agent.mjs");
const backend = testBackend({ mockAgentPath });

beforeAll(() => bundle(path.join(import.meta.dirname, "../../agents/mock/main.ts"), mockAgentPath));

describe("a session in a local sandbox", () => {
  it("works in the sandbox's folder through the real server and the mock agent", async () => {
    const { id, done } = make(backend);
    await done;
    expect((await backend.listAgents(id, open))[0]).toMatchObject({ id: "mock", installed: true });
    const files = path.join(backend.dataDir, "sandboxes", id, "files");
    writeFileSync(path.join(files, "hello.txt"), "");
    const seen: LinkEvent[] = [];
    const link = await backend.openSession(openRequest(id, { emit: (event) => seen.push(event) }));
    const completed = (): number =>
      seen.filter(({ event }) => event.event_type === "session_completed").length;

    const permission = (): string | undefined =>
      seen.flatMap(({ event }) =>
        event.event_type === "permission_request" ? [event.data.request_id] : [],
      )[0];

    await link.prompt([{ type: "text", text: "ls" }]);
    await vi.waitUntil(() => completed() === 1);
    expect(JSON.stringify(seen)).toContain("hello.txt");

    await link.prompt([{ type: "text", text: "write made.txt by the agent" }]);
    await vi.waitUntil(() => permission() !== undefined);
    await link.replyPermission(permission() ?? "", { reply: "once", option_id: null, message: null });
    await vi.waitUntil(() => completed() === 2);
    expect(readFileSync(path.join(files, "made.txt"), "utf8")).toContain("by the agent");
    await link.close("end");
    await backend.controlSandbox(id, "stop", open);
    expect(markedPids(id)).toEqual([]);
  });

  it("cannot be opened outside the sandbox's folder, or when the sandbox does not run", async () => {
    const { id, done } = make(backend);
    await done;
    await expect(backend.openSession(openRequest(id, { directory: "/etc" }))).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(backend.openSession(openRequest(id, { directory: "none" }))).rejects.toMatchObject({
      code: "not_found",
    });
    await backend.controlSandbox(id, "stop", open);
    await expect(backend.openSession(openRequest(id))).rejects.toMatchObject({ code: "invalid_state" });
  });

  it("says why an agent could not be installed", async () => {
    vi.stubEnv("HTTPS_PROXY", "http://127.0.0.1:9");
    const { id, done } = make(backend);
    await done;
    vi.unstubAllEnvs();
    await expect(backend.installAgent(id, "claude", open)).rejects.toThrow(
      /^Claude Code could not be installed; this machine must reach the network for it \(.+\)\.$/,
    );
  });

  it("says that an agent is not installed", async () => {
    const { id, done } = make(backend);
    await done;
    await expect(backend.openSession(openRequest(id, { agent: "claude" }))).rejects.toMatchObject({
      code: "agent_not_installed",
    });
  });
});
