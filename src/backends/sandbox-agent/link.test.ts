import { expect, test } from "vitest";
import { endTurn, hello, permission, playedServer } from "#src/testing/played-acp.ts";

const played = playedServer({ lost_ms: 100 });

test("a turn: its text, then its end, in the order of the stream", async () => {
  const { link, agent, watch } = await played.open();
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

const chunk = (text: string): object => ({
  jsonrpc: "2.0",
  method: "session/update",
  params: {
    sessionId: "s1",
    update: { sessionUpdate: "agent_message_chunk", content: { type: "text", text } },
  },
});

test("frames that a slow reader missed are read again from the ring", async () => {
  const { link, agent, watch } = await played.open();
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
  const { link, agent, watch } = await played.open();
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
  const { link, agent, watch } = await played.open();
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

test("a server that came back empty fails the turn; the session can be opened again, in a new process", async () => {
  const { link, agent, watch } = await played.open();
  await link.prompt(hello);
  await agent.request("session/prompt");
  played.server.forget();
  played.server.cut();
  await watch.until(() => watch.closed() !== null);
  expect(watch.ends).toEqual(["session_failed"]);
  expect(watch.of("session_failed")[0]).toMatchObject({
    error: expect.stringContaining("was restarted"),
    code: "agent_gone",
  });
  expect(watch.closed()?.recoverable).toBe(true);
  expect(watch.cursor).toMatch(/:lost$/);
});

test("a prompt to a server that came back empty fails at once, before the stream is opened again", async () => {
  const { link, watch } = await played.open();
  played.server.forget();
  played.server.stall(/GET/);
  await link.prompt(hello);
  expect(await watch.seen("session_failed")).toMatchObject({ code: "agent_gone" });
  expect(watch.closed()?.recoverable).toBe(true);
});

test("a stream that breaks is told once, and again only after it was there", async () => {
  const { agent, watch } = await played.open();
  played.server.fault({ match: /GET/, status: 503, times: 2 });
  played.server.cut();
  await watch.until(() => watch.troubles === 1);
  agent.text("heard again");
  await watch.seen("text_delta");
  expect(watch.troubles).toBe(1);
  played.server.cut();
  await watch.until(() => watch.troubles === 2);
});

test.each(["stream first", "post first"])(
  "a prompt's error ends the turn once, with the agent's stderr: %s",
  async (order) => {
    const { link, agent, watch } = await played.open();
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

test("a stream that hangs while the POST is answered: what it still has comes before the end", async () => {
  const { link, agent, watch } = await played.open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  played.server.stall(/GET/);
  agent.text("late");
  agent.answer(prompt, endTurn);
  played.server.stall(null);
  await watch.seen("session_completed");
  expect(watch.types.slice(-2)).toEqual(["text_delta", "session_completed"]);
});

test("a result whose copy never comes by the stream ends the turn all the same", async () => {
  const { link, agent, watch } = await played.open();
  await link.prompt(hello);
  const prompt = await agent.request("session/prompt");
  agent.post(prompt, 200, { jsonrpc: "2.0", id: prompt.id, ...endTurn });
  await watch.seen("session_completed");
});

test("a prompt whose POST broke off is given up only when the agent shows nothing", async () => {
  const heard = await played.open();
  await heard.link.prompt(hello);
  const prompt = await heard.agent.request("session/prompt");
  heard.agent.post(prompt, 504, "<html>Gateway time-out</html>");
  heard.agent.text("slow but sure");
  await heard.watch.seen("text_delta");

  // Its time runs out after that of the first would have.
  const silent = await played.open();
  await silent.link.prompt(hello);
  silent.agent.post(await silent.agent.request("session/prompt"), 504, "<html>Gateway time-out</html>");
  silent.agent.update("available_commands_update", { availableCommands: [] });
  expect(await silent.watch.seen("session_failed")).toMatchObject({
    code: "unreachable",
    error: expect.stringMatching(/may not have got the message/),
  });

  heard.agent.say({ jsonrpc: "2.0", id: prompt.id, ...endTurn });
  await heard.watch.seen("session_completed");
  expect(heard.watch.ends).toEqual(["session_completed"]);
});

test("an agent that exits fails its turn, closes the link and takes its instance with it", async () => {
  const { link, agent, watch } = await played.open();
  await link.prompt(hello);
  await agent.request("session/prompt");
  agent.say({ jsonrpc: "2.0", method: "_adapter/agent_exited", params: { code: 7, success: false } });
  await watch.until(() => watch.closed() !== null);
  expect(watch.of("session_failed")).toMatchObject([
    { code: "agent_exited", error: expect.stringContaining("exit code 7") },
  ]);
  expect(watch.closed()).toMatchObject({ recoverable: true, reason: expect.stringContaining("7") });
});

test("a permission is answered under its own id and type, and only once", async () => {
  const { link, agent, watch } = await played.open();
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
  const { link, agent, watch } = await played.open();
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
  const { link, agent, watch } = await played.open();
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
    const { agent } = await played.open();
    agent.say({ jsonrpc: "2.0", id: "r", method, params: {} });
    expect((await agent.next(({ id }) => id === "r")).error).toMatchObject({ code: -32601 });
  },
);

test("a message over the server's limit is refused before it is sent", async () => {
  const { link, agent } = await played.open();
  const image = { type: "image", media_type: "image/png", data: "A".repeat(2.1 * 1024 * 1024) } as const;
  await expect(link.prompt([image])).rejects.toMatchObject({ code: "too_large" });
  expect(agent.received.filter(({ method }) => method === "session/prompt")).toEqual([]);
});

test("an option is set by category under the agent's own id", async () => {
  const { link, agent } = await played.open();
  const setting = link.setOption("thought_level", "high");
  const request = await agent.request("session/set_config_option");
  expect(request.params).toEqual({ sessionId: "s1", configId: "effort", value: "high" });
  agent.answer(request, { result: {} });
  expect((await setting)[0]).toMatchObject({ id: "effort", value: "high" });
  const refused = link.setOption("effort", "silly");
  agent.answer(await agent.request("session/set_config_option"), { error: { code: -32602, message: "no" } });
  await expect(refused).rejects.toMatchObject({ code: "invalid_request" });
});
