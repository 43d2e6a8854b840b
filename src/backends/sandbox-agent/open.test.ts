import { expect, test } from "vitest";
import type { OpenSession } from "#src/backends/backend.ts";
import { problemOf } from "#src/testing/fake-acp-server.ts";
import { LinkRecorder } from "#src/testing/link-recorder.ts";
import { endTurn, hello, type Opened, permission, playedServer, session } from "#src/testing/played-acp.ts";

const played = playedServer();

test("a process that still runs is taken over: old messages only rebuild what is known", async () => {
  const first = await played.open();
  await first.link.prompt(hello);
  const prompt = await first.agent.request("session/prompt");
  first.agent.text("before ");
  first.agent.say(permission);
  const { request_id } = await first.watch.seen("permission_request");
  const { cursor } = first.watch;
  await first.link.close("detach");
  first.agent.text("meanwhile");

  const watch = new LinkRecorder();
  const link = await played.client.openSession(played.requestOf(watch, { resume: { ref: "s1", cursor } }));
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
  played.server.capabilities = can;
  const watch = new LinkRecorder();
  const making = played.server.nextInstance();
  const opening = played.client.openSession(
    played.requestOf(watch, { resume: { ref: "s1", cursor: "gone:5" }, history }),
  );
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
  const first = await played.open();
  const { cursor } = first.watch;
  await first.link.close("detach");
  const id = cursor?.split(":")[0] ?? "none";
  played.server.fault({
    match: ({ method, path }) => method === "POST" && path.includes(id),
    status: 502,
    headers: { "content-type": "application/problem+json" },
    body: JSON.stringify(problemOf(502, "stream_error")),
    times: Infinity,
  });
  const making = played.server.nextInstance();
  const opening = played.client.openSession(
    played.requestOf(new LinkRecorder(), { resume: { ref: "s1", cursor } }),
  );
  const agent = await making;
  agent.answer(await agent.request("session/load"), { result: session });
  expect((await opening).continued).toBe(false);
  expect(played.server.deleted).toEqual([id]);
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
  expect(watch.events.map(({ past = false }) => past)).toEqual([true, true, true, true, false]);
});

test("an agent that cannot store sessions says so, and its process does not stay", async () => {
  played.server.capabilities = {};
  const opening = played.client.openSession(
    played.requestOf(new LinkRecorder(), { resume: { ref: "s1", cursor: null } }),
  );
  await expect(opening).rejects.toMatchObject({ code: "unsupported" });
  expect(played.server.deleted).toHaveLength(1);
});

test("a session that cannot be made leaves no process behind", async () => {
  const making = played.server.nextInstance();
  const opening = played.client.openSession(played.requestOf(new LinkRecorder()));
  const agent = await making;
  agent.answer(await agent.request("session/new"), { error: { code: -32000, message: "Sign in first" } });
  await expect(opening).rejects.toMatchObject({ code: "agent_failed", message: "Sign in first" });
  expect(played.server.deleted).toHaveLength(1);
});

test("giving up while the session opens leaves no process behind", async () => {
  const controller = new AbortController();
  const making = played.server.nextInstance();
  const opening = played.client.openSession(
    played.requestOf(new LinkRecorder(), { signal: controller.signal }),
  );
  const agent = await making;
  await agent.request("session/new");
  controller.abort(new Error("changed my mind"));
  await expect(opening).rejects.toThrow("changed my mind");
  expect(played.server.deleted).toHaveLength(1);
});

test("an agent that ends while it starts fails the opening at once", async () => {
  const making = played.server.nextInstance();
  const opening = played.client.openSession(played.requestOf(new LinkRecorder()));
  const agent = await making;
  await agent.request("session/new");
  agent.say({ jsonrpc: "2.0", method: "_adapter/agent_exited", params: { code: 1, success: false } });
  await expect(opening).rejects.toMatchObject({
    code: "agent_failed",
    message: expect.stringContaining("exit code 1"),
  });
});

test("ending closes the agent's session first, then the process; detaching touches neither", async () => {
  played.server.capabilities = { sessionCapabilities: { close: {} } };
  const { link, agent } = await played.open();
  const closing = link.close("end");
  agent.answer(await agent.request("session/close"), { result: {} });
  await closing;
  expect(played.server.deleted).toHaveLength(1);

  const other = await played.open();
  await other.link.close("detach");
  expect(played.server.deleted).toHaveLength(1);
});

test("a history that breaks off is not told in part: the next opening tells all of it", async () => {
  played.server.capabilities = { loadSession: true };
  const watch = new LinkRecorder();
  const making = played.server.nextInstance();
  const change = { resume: { ref: "s1", cursor: null }, history: "replay" } as const;
  const opening = played.client.openSession(played.requestOf(watch, change));
  const agent = await making;
  await agent.request("session/load");
  agent.update("user_message_chunk", { content: { type: "text", text: "do it" } });
  agent.text("half of");
  agent.say({ jsonrpc: "2.0", method: "_adapter/agent_exited", params: { code: 1, success: false } });
  await expect(opening).rejects.toMatchObject({ code: "agent_failed" });
  expect(watch.types).toEqual([]);
  expect(watch.cursor).toBeNull();
});
