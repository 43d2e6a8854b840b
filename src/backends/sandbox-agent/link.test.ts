import { afterEach, beforeEach, expect, test } from "vitest";
import type { OpenSession, SessionLink } from "#src/backends/backend.ts";
import {
  type FakeAcpServer,
  type FakeInstance,
  problem,
  startFakeAcpServer,
} from "#src/testing/fake-acp-server.ts";
import { WatchedLink } from "#src/testing/watch-link.ts";
import { type AgentServerClient, createAgentServerClient } from "./client.ts";

const session = {
  sessionId: "s1",
  configOptions: [
    {
      id: "effort",
      name: "Effort",
      category: "thought_level",
      type: "select",
      currentValue: "low",
      options: [
        { value: "low", name: "Low" },
        { value: "high", name: "High" },
      ],
    },
  ],
};
const permission = {
  jsonrpc: "2.0",
  id: 0,
  method: "session/request_permission",
  params: {
    sessionId: "s1",
    toolCall: {
      toolCallId: "c1",
      title: "rm -rf build",
      kind: "execute",
      rawInput: { command: "rm -rf build" },
    },
    options: [
      { optionId: "yes", name: "Yes", kind: "allow_once" },
      { optionId: "no", name: "No", kind: "reject_once" },
    ],
  },
};

let server: FakeAcpServer;
let client: AgentServerClient;
beforeEach(async () => {
  server = await startFakeAcpServer();
  client = createAgentServerClient({
    url: server.url,
    token: "t",
    random: () => 0,
    timing: {
      stderr_grace_ms: 100,
      stream_grace_ms: 300,
      max_attempts: 3,
      backoff: { base_ms: 2, max_ms: 4 },
    },
  });
});
afterEach(async () => {
  await client.close();
  await server.close();
});

function requestOf(watch: WatchedLink, change: Partial<OpenSession> = {}): OpenSession {
  return {
    sandbox_ref: "default",
    session_id: "ses_1",
    agent: "mock",
    title: null,
    directory: "/w",
    options: {},
    metadata: {},
    resume: null,
    history: "none",
    emit: watch.emit,
    onClosed: watch.onClosed,
    signal: new AbortController().signal,
    ...change,
  };
}

type Opened = { link: SessionLink; agent: FakeInstance; watch: WatchedLink };

async function open(change: Partial<OpenSession> = {}): Promise<Opened> {
  const watch = new WatchedLink();
  const making = server.nextInstance();
  const opening = client.openSession(requestOf(watch, change));
  const agent = await making;
  agent.answer(await agent.request("session/new"), { result: session });
  return { link: await opening, agent, watch };
}

const hello = [{ type: "text", text: "hello" }] as const;
const endTurn = { result: { stopReason: "end_turn" } };

test("a turn: its text, then its end, in the order of the stream", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  expect(prompt.params).toEqual({ sessionId: "s1", prompt: [{ type: "text", text: "hello" }] });
  // The POST's copy comes first here; the turn still ends behind its text.
  agent.post(prompt, 200, { jsonrpc: "2.0", id: prompt.id, ...endTurn });
  agent.text("hi");
  agent.say({ jsonrpc: "2.0", id: prompt.id, ...endTurn });
  expect((await watch.seen("session_completed")).stop_reason).toBe("end_turn");
  expect(watch.types).toEqual(["session_updated", "text_delta", "session_completed"]);
  await link.prompt(hello);
  agent.answer(await agent.request("session/prompt"), endTurn);
  await watch.seen("session_completed", 2);
});

test("a stream cut inside a frame goes on where it broke: nothing lost, nothing twice", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  agent.text("one ");
  await watch.seen("text_delta");
  const streams = agent.opened.length;
  agent.cut('event: message\nid: 4\ndata: {"jsonrpc":"2.0","met');
  agent.text("two ");
  await agent.untilOpened(streams + 1);
  agent.text("three");
  agent.answer(prompt, endTurn);
  await watch.seen("session_completed");
  expect(watch.text).toBe("one two three");
  expect(agent.opened.at(-1)).toBe("3");
});

test("a frame that comes twice shows once", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  agent.text("once");
  const copy = {
    jsonrpc: "2.0",
    method: "session/update",
    params: {
      sessionId: "s1",
      update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text: "once" } },
    },
  };
  agent.write(`event: message\nid: 3\ndata: ${JSON.stringify(copy)}\n\n`);
  agent.answer(prompt, endTurn);
  await watch.seen("session_completed");
  expect(watch.text).toBe("once");
});

const chunk = (text: string): object => ({
  jsonrpc: "2.0",
  method: "session/update",
  params: {
    sessionId: "s1",
    update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text } },
  },
});

test("frames that a slow reader missed are read again from the ring", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  agent.sayUnheard(chunk("a"));
  agent.sayUnheard(chunk("b"));
  agent.text("c");
  agent.answer(prompt, endTurn);
  await watch.seen("session_completed");
  expect(watch.text).toBe("abc");
  expect(watch.of("error")).toEqual([]);
});

test("frames that even the ring has lost leave a mark, and the stream goes on", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  agent.sayUnheard(chunk("a"));
  agent.sayUnheard(chunk("b"));
  agent.forget(4);
  agent.text("c");
  agent.answer(prompt, endTurn);
  await watch.seen("session_completed");
  expect(watch.text).toBe("c");
  expect(watch.of("error")).toMatchObject([
    { code: "messages_lost", message: expect.stringContaining("2 messages") },
  ]);
});

test("junk in the stream is shown as such, and the next message is read", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  agent.sayData("this is no JSON");
  agent.sayData("[1,2]");
  agent.say({ jsonrpc: "2.0", method: "surprise", params: 1 });
  agent.answer(prompt, endTurn);
  await watch.seen("session_completed");
  expect(watch.of("unparsed").map(({ location, raw }) => [location, raw])).toEqual([
    ["event stream", "this is no JSON"],
    ["event stream", "[1,2]"],
    ["surprise", { jsonrpc: "2.0", method: "surprise", params: 1 }],
  ]);
});

test("a web page in place of the stream is tried again", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  let pages = 2;
  server.override = (request, response) => {
    if (request.method !== "GET" || pages === 0) return false;
    pages -= 1;
    response
      .writeHead(pages === 1 ? 200 : 502, { "content-type": "text/html" })
      .end("<html>Bad gateway</html>");
    return true;
  };
  agent.cut();
  agent.text("still here");
  agent.answer(prompt, endTurn);
  await watch.seen("session_completed");
  expect(watch.text).toBe("still here");
});

test("a token that is refused in mid-life fails the turn once and closes the link for good", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  await agent.request("session/prompt");
  server.override = (_, response) => {
    problem(response, 401, "token_invalid");
    return true;
  };
  agent.cut();
  await watch.until(() => watch.closed !== null);
  expect(watch.ends).toEqual(["session_failed"]);
  expect(watch.of("session_failed")[0]?.code).toBe("unauthorized");
  expect(watch.closed).toMatchObject({ recoverable: false });
  await expect(link.prompt(hello)).rejects.toMatchObject({ code: "invalid_state" });
});

test("a server that came back empty fails the turn; the session can be opened again, in a new process", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  await agent.request("session/prompt");
  server.instances.clear();
  agent.cut();
  await watch.until(() => watch.closed !== null);
  expect(watch.ends).toEqual(["session_failed"]);
  expect(watch.closed?.recoverable).toBe(true);
  expect(watch.cursor).toMatch(/:lost$/);
});

test("a proxy that gives up on the prompt's POST does not end the turn", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  agent.post(prompt, 504, "<html>Gateway time-out</html>");
  agent.text("slow but sure");
  agent.say({ jsonrpc: "2.0", id: prompt.id, ...endTurn });
  await watch.seen("session_completed");
  expect(watch.ends).toEqual(["session_completed"]);
});

test.each(["stream first", "post first"])(
  "a prompt's error ends the turn once, with the agent's stderr: %s",
  async (order) => {
    const { link, agent, watch } = await open();
    await link.prompt(hello);
    const prompt = await agent.request("session/prompt");
    const error = { code: -32603, message: "agent failed" };
    const posted = { jsonrpc: "2.0", id: prompt.id, error: { ...error, data: { agentStderr: "boom" } } };
    const streamed = { jsonrpc: "2.0", id: prompt.id, error };
    if (order === "stream first") agent.say(streamed);
    agent.post(prompt, 200, posted);
    if (order === "post first") agent.say(streamed);
    agent.text("after");
    expect(await watch.seen("session_failed")).toMatchObject({
      error: "agent failed",
      code: "-32603",
      stderr: "boom",
    });
    await link.prompt(hello);
    agent.answer(await agent.request("session/prompt"), endTurn);
    await watch.seen("session_completed");
    expect(watch.ends).toEqual(["session_failed", "session_completed"]);
  },
);

test("a result whose copy never comes by the stream ends the turn all the same", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  agent.post(prompt, 200, { jsonrpc: "2.0", id: prompt.id, ...endTurn });
  await watch.seen("session_completed");
});

test("an agent that exits fails its turn, closes the link and takes its instance with it", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  await agent.request("session/prompt");
  agent.say({ jsonrpc: "2.0", method: "_adapter/agent_exited", params: { code: 7, success: false } });
  await watch.until(() => watch.closed !== null);
  expect(watch.of("session_failed")).toMatchObject([
    { code: "agent_exited", error: expect.stringContaining("exit code 7") },
  ]);
  expect(watch.closed).toMatchObject({ recoverable: true, reason: expect.stringContaining("7") });
});

test("a permission is answered under its own id and type, and only once", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  agent.say(permission);
  const { request_id, tool_use_id } = await watch.seen("permission_request");
  expect(watch.of("tool_use_start")).toMatchObject([{ id: tool_use_id, status: "pending" }]);
  const answer = { reply: "once", option_id: null, message: null } as const;
  await link.replyPermission(request_id, answer);
  expect(await agent.next(({ id, method }) => id === 0 && method === undefined)).toEqual({
    jsonrpc: "2.0",
    id: 0,
    result: { outcome: { outcome: "selected", optionId: "yes" } },
  });
  await expect(link.replyPermission(request_id, answer)).rejects.toMatchObject({ code: "already_resolved" });
});

test("a question's answers go back as the form's content", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const requestedSchema = {
    type: "object",
    properties: { n: { type: "integer" }, ok: { type: "boolean" } },
    required: ["n"],
  };
  agent.say({
    jsonrpc: "2.0",
    id: "q",
    method: "elicitation/create",
    params: { sessionId: "s1", mode: "form", message: "?", requestedSchema },
  });
  const { request_id } = await watch.seen("user_input_request");
  await link.replyQuestion(request_id, [["4"], []]);
  expect((await agent.next(({ id }) => id === "q")).result).toEqual({ action: "accept", content: { n: 4 } });
});

test("a stop cancels the turn and what waits in it", async () => {
  const { link, agent, watch } = await open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  agent.say(permission);
  const { request_id } = await watch.seen("permission_request");
  await link.interrupt();
  expect((await agent.request("session/cancel")).id).toBeUndefined();
  expect((await agent.next(({ id }) => id === 0)).result).toEqual({ outcome: { outcome: "cancelled" } });
  agent.answer(prompt, { result: { stopReason: "cancelled" } });
  expect((await watch.seen("session_completed")).stop_reason).toBe("cancelled");
  const late = link.replyPermission(request_id, { reply: "once", option_id: null, message: null });
  await expect(late).rejects.toMatchObject({ code: "already_resolved" });
});

test.each(["fs/write_text_file", "terminal/create", "made/up"])(
  "the agent's request %s gets an answer",
  async (method) => {
    const { agent } = await open();
    agent.say({ jsonrpc: "2.0", id: "r", method, params: {} });
    expect((await agent.next(({ id }) => id === "r")).error).toMatchObject({ code: -32601 });
  },
);

test("a message over the server's limit is refused before it is sent", async () => {
  const { link, agent } = await open();
  const image = { type: "image", media_type: "image/png", data: "A".repeat(2.1 * 1024 * 1024) } as const;
  await expect(link.prompt([image])).rejects.toMatchObject({ code: "too_large" });
  expect(agent.received.filter(({ method }) => method === "session/prompt")).toEqual([]);
});

test("an option is set by category under the agent's own id", async () => {
  const { link, agent } = await open();
  const setting = link.setOption("thought_level", "high");
  const request = await agent.request("session/set_config_option");
  expect(request.params).toEqual({ sessionId: "s1", configId: "effort", value: "high" });
  agent.answer(request, { result: {} });
  expect((await setting)[0]).toMatchObject({ id: "effort", value: "high" });
  const refused = link.setOption("effort", "silly");
  agent.answer(await agent.request("session/set_config_option"), { error: { code: -32602, message: "no" } });
  await expect(refused).rejects.toMatchObject({ code: "invalid_request" });
});

test("a process that still runs is taken over: old messages only rebuild what is known", async () => {
  const first = await open();
  await first.link.prompt(hello);
  const prompt = await first.agent.request("session/prompt");
  first.agent.text("before ");
  first.agent.say(permission);
  const { request_id } = await first.watch.seen("permission_request");
  const { cursor } = first.watch;
  await first.link.close("detach");
  first.agent.text("meanwhile");

  const watch = new WatchedLink();
  const link = await client.openSession(requestOf(watch, { resume: { ref: "s1", cursor } }));
  expect(link.continued).toBe(true);
  expect(link.options[0]).toMatchObject({ id: "effort" });
  expect(watch.text).toBe("meanwhile");
  expect(watch.of("permission_request")).toEqual([]);
  await link.replyPermission(request_id, { reply: "reject", option_id: null, message: null });
  const reply = await first.agent.next(({ id, method }) => id === 0 && method === undefined);
  expect(reply.result).toEqual({ outcome: { outcome: "selected", optionId: "no" } });
  first.agent.say({ jsonrpc: "2.0", id: prompt.id, ...endTurn });
  await watch.seen("session_completed");
  expect(watch.ends).toEqual(["session_completed"]);
});

async function restore(history: OpenSession["history"], can: object): Promise<Opened> {
  server.capabilities = can;
  const watch = new WatchedLink();
  const making = server.nextInstance();
  const opening = client.openSession(requestOf(watch, { resume: { ref: "s1", cursor: "gone:5" }, history }));
  const agent = await making;
  const load = await agent.next(({ method }) => /^session\/(load|resume)$/.test(method ?? ""));
  agent.update("user_message_chunk", { content: { type: "text", text: "do " } });
  agent.update("user_message_chunk", { content: { type: "text", text: "it" } });
  agent.text("done");
  agent.answer(load, { result: session });
  return { link: await opening, agent, watch };
}

test("a session whose process is gone is loaded: known history stays silent", async () => {
  const { link, watch } = await restore("none", { loadSession: true });
  expect(link.continued).toBe(false);
  expect(watch.types).toEqual(["session_updated"]);
});

test("a process that is listed and dead is replaced, not followed", async () => {
  const first = await open();
  const { cursor } = first.watch;
  await first.link.close("detach");
  server.override = (request, response) => {
    if (request.method !== "POST" || !request.url?.includes(cursor?.split(":")[0] ?? "none")) return false;
    problem(response, 502, "stream_error");
    return true;
  };
  const making = server.nextInstance();
  const opening = client.openSession(requestOf(new WatchedLink(), { resume: { ref: "s1", cursor } }));
  const agent = await making;
  agent.answer(await agent.request("session/load"), { result: session });
  expect((await opening).continued).toBe(false);
  expect(server.deleted).toEqual([cursor?.split(":")[0]]);
});

test("a discovered session is loaded with its history as whole turns", async () => {
  const { watch } = await restore("replay", { loadSession: true });
  expect(watch.types).toEqual([
    "user_message",
    "turn_started",
    "text_delta",
    "session_completed",
    "session_updated",
  ]);
  expect(watch.of("user_message")[0]?.content).toEqual([
    { type: "text", text: "do " },
    { type: "text", text: "it" },
  ]);
});

test("an agent that cannot store sessions says so, and its process does not stay", async () => {
  server.capabilities = {};
  const opening = client.openSession(requestOf(new WatchedLink(), { resume: { ref: "s1", cursor: null } }));
  await expect(opening).rejects.toMatchObject({ code: "unsupported" });
  expect(server.deleted).toHaveLength(1);
});

test("a session that cannot be made leaves no process behind", async () => {
  const making = server.nextInstance();
  const opening = client.openSession(requestOf(new WatchedLink()));
  const agent = await making;
  agent.answer(await agent.request("session/new"), { error: { code: -32000, message: "Sign in first" } });
  await expect(opening).rejects.toMatchObject({ code: "agent_failed", message: "Sign in first" });
  expect(server.deleted).toHaveLength(1);
});

test("giving up while the session opens leaves no process behind", async () => {
  const controller = new AbortController();
  const making = server.nextInstance();
  const opening = client.openSession(requestOf(new WatchedLink(), { signal: controller.signal }));
  const agent = await making;
  await agent.request("session/new");
  controller.abort(new Error("changed my mind"));
  await expect(opening).rejects.toThrow("changed my mind");
  expect(server.deleted).toHaveLength(1);
});

test("an agent that ends while it starts fails the opening at once", async () => {
  const making = server.nextInstance();
  const opening = client.openSession(requestOf(new WatchedLink()));
  const agent = await making;
  await agent.request("session/new");
  agent.say({ jsonrpc: "2.0", method: "_adapter/agent_exited", params: { code: 1, success: false } });
  await expect(opening).rejects.toMatchObject({
    code: "agent_failed",
    message: expect.stringContaining("exit code 1"),
  });
});

test("ending closes the agent's session first, then the process; detaching touches neither", async () => {
  server.capabilities = { sessionCapabilities: { close: {} } };
  const { link, agent } = await open();
  const closing = link.close("end");
  agent.answer(await agent.request("session/close"), { result: {} });
  await closing;
  expect(server.deleted).toHaveLength(1);

  const other = await open();
  await other.link.close("detach");
  expect(server.deleted).toHaveLength(1);
});
