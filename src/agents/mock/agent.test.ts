import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { TestClient, answers, temporary } from "./test-client.ts";

describe("initialize and options", () => {
  it("declares what it can do", async () => {
    const client = new TestClient(await temporary(), await temporary());
    const { result } = await client.request("initialize", { protocolVersion: 1 });
    expect(result?.agentCapabilities).toEqual({
      loadSession: true,
      promptCapabilities: { image: true, embeddedContext: true },
      sessionCapabilities: { list: {}, resume: {}, close: {} },
    });
  });

  it("offers model, mode and effort, and announces commands after the reply", async () => {
    const client = await TestClient.start();
    const { result } = await client.request("session/new", { cwd: client.cwd, mcpServers: [] });
    expect(result?.configOptions?.map(({ id, category }) => [id, category])).toEqual([
      ["model", "model"],
      ["mode", "mode"],
      ["effort", "thought_level"],
    ]);
    await client.until(() => client.of("available_commands_update").length === 1);
  });

  it("changes options and modes, and refuses unknown ones", async () => {
    const client = await TestClient.withSession();
    const { sessionId } = client;
    const set = (configId: string, value: string) =>
      client.request("session/set_config_option", { sessionId, configId, value });
    expect((await set("model", "mock-fast")).result?.configOptions[0]).toMatchObject({
      currentValue: "mock-fast",
    });
    expect((await set("model", "other")).error?.code).toBe(-32602);
    expect((await set("other", "x")).error?.code).toBe(-32602);
    expect((await client.request("session/set_mode", { sessionId, modeId: "plan" })).result).toEqual({});
    expect(client.of("current_mode_update").at(-1)?.currentModeId).toBe("plan");
    expect((await client.request("session/set_mode", { sessionId, modeId: "other" })).error?.code).toBe(
      -32602,
    );
  });

  it("knows no session that was not made", async () => {
    const client = await TestClient.start();
    const { error } = await client.request("session/prompt", { sessionId: "../x", prompt: [] });
    expect(error?.message).toContain("not found");
  });
});

describe("cancel", () => {
  it.each(["stall", "sleep 60", "long 1000000 5", "question"])("ends %s", async (prompt) => {
    const client = await TestClient.withSession();
    const turn = client.prompt(prompt);
    const started = () => client.updates.length > 1 || client.requests.length > 0;
    if (prompt !== "stall") await client.until(started);
    await client.cancel();
    expect((await turn).result?.stopReason).toBe("cancelled");
    expect((await client.prompt("echo next")).result?.stopReason).toBe("end_turn");
  });

  it("ends a flood that never pauses", async () => {
    const client = await TestClient.withSession();
    const turn = client.prompt("long 10000000");
    await client.until(() => client.updates.length > 100);
    await client.cancel();
    expect((await turn).result?.stopReason).toBe("cancelled");
  });

  it("ends a turn that waits for a permission, and fails its call", async () => {
    const client = await TestClient.withSession();
    const turn = client.prompt("run true");
    await client.until(() => client.requests.length > 0);
    await client.cancel();
    expect((await turn).result?.stopReason).toBe("cancelled");
    expect(client.tool().status).toBe("failed");
  });

  it("kills the whole process group of a running command", async () => {
    const client = await TestClient.withSession();
    client.answer = answers.once;
    const turn = client.prompt("run sleep 300 & echo $!; wait");
    await client.until(() => client.of("tool_call_update").some(({ content }) => content));
    const pid = Number(/\d+/.exec(JSON.stringify(client.tool().content))?.[0]);
    await client.cancel();
    expect((await turn).result?.stopReason).toBe("cancelled");
    await expect.poll(() => runs(pid)).toBe(false);
  });

  it("refuses a second turn while one runs", async () => {
    const client = await TestClient.withSession();
    const turn = client.prompt("stall");
    expect((await client.prompt("echo")).error?.code).toBe(-32600);
    await client.cancel();
    await turn;
  });
});

/** Whether the process lives; a killed one may stay a zombie when nothing reaps it. */
async function runs(pid: number): Promise<boolean> {
  try {
    return !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

describe("sessions on disk", () => {
  it("load replays the conversation, folded, in a fresh process", async () => {
    const data = await temporary();
    const first = await TestClient.withSession({ data });
    first.answer = answers.always;
    await first.prompt("write a.txt hi", { type: "resource_link", name: "a.ts", uri: "file:///a.ts" });
    await first.prompt("long 30");
    await first.prompt("plan");

    const second = await TestClient.start({ data });
    second.sessionId = first.sessionId;
    const { result } = await second.request("session/load", {
      sessionId: first.sessionId,
      cwd: first.cwd,
      mcpServers: [],
    });
    expect(result?.configOptions).toHaveLength(3);
    const replayed = second.updates.filter(
      ({ sessionUpdate }) => sessionUpdate !== "available_commands_update",
    );
    expect(replayed.map(({ sessionUpdate }) => sessionUpdate)).toEqual([
      "user_message_chunk",
      "user_message_chunk",
      "tool_call",
      "agent_message_chunk",
      "user_message_chunk",
      "agent_message_chunk",
      "user_message_chunk",
      "plan",
      "agent_message_chunk",
    ]);
    expect(second.said).toBe(first.said);
    expect({ ...second.tool(), sessionUpdate: "" }).toEqual({ ...first.tool(), sessionUpdate: "" });

    await second.prompt("write b.txt hi");
    expect(second.requests, "allow_always outlives the process").toEqual([]);
    const ids = second.of("tool_call").map(({ toolCallId }) => toolCallId);
    expect(ids).toEqual(["call_1", "call_2"]);
  });

  it("resume opens without replay", async () => {
    const first = await TestClient.withSession({ data: await temporary() });
    await first.prompt("echo hi");
    const { sessionId, cwd } = first;
    await first.request("session/close", { sessionId });
    expect((await first.prompt("echo closed")).error).toBeDefined();
    const before = first.of("agent_message_chunk").length;
    await first.request("session/resume", { sessionId, cwd, mcpServers: [] });
    expect(first.of("agent_message_chunk")).toHaveLength(before);
    expect((await first.prompt("echo again")).result?.stopReason).toBe("end_turn");
  });

  it("list names sessions with cwd and title", async () => {
    const data = await temporary();
    const first = await TestClient.withSession({ data });
    await first.prompt("title First");
    const second = await TestClient.withSession({ data });
    const { result: all } = await second.request("session/list", {});
    expect(all?.sessions.map(({ sessionId, title }) => [sessionId, title])).toEqual([
      ["mock-1", "First"],
      ["mock-2", null],
    ]);
    const { result: mine } = await second.request("session/list", { cwd: second.cwd });
    expect(mine?.sessions.map(({ sessionId }) => sessionId)).toEqual(["mock-2"]);
  });

  it("keeps the prompt of a turn that crashed", async () => {
    const data = await temporary();
    const first = await TestClient.withSession({ data });
    void first.prompt("crash");
    await first.until(() => first.exits.length > 0);
    const stored = await readFile(join(data, "mock-1.json"), "utf8");
    expect(JSON.parse(stored).history).toMatchObject([
      { sessionUpdate: "user_message_chunk", content: { text: "crash" } },
    ]);
  });
});
