import { afterEach, expect, test } from "vitest";
import { startFakeSandboxAgentRest, type FakeRestConfig } from "#src/testing/fake-sandbox-agent-rest.ts";
import { openRecorded } from "#src/testing/link-recorder.ts";
import { createSandboxAgentRestBackend } from "./backend.ts";
import { newSessionOptions } from "./options.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.close();
});

async function start(config: FakeRestConfig = {}) {
  const server = await startFakeSandboxAgentRest(config);
  const backend = createSandboxAgentRestBackend({ url: server.url, token: null });
  opened.push(backend, server);
  const open = (more: Partial<Parameters<typeof openRecorded>[1]> = {}) =>
    openRecorded(backend, { sandbox_ref: "default", agent: "mock", ...more });
  return { server, backend, open };
}

const never = new AbortController().signal;

test("every option of a session is sent, and its options say what it runs with", async () => {
  const { server, open } = await start();
  const { link } = await open({
    session_id: "s1",
    title: "Title",
    directory: "/work",
    options: { mode: "plan", permissionMode: "bypass", model: "mock", thought_level: "high" },
    metadata: { agent_version: "1.2", mcp: { m: { type: "local", command: "x" } }, skills: { sources: [] } },
  });
  expect(server.calls.find(({ path }) => path === "/v1/sessions/s1")?.body).toEqual({
    agent: "mock",
    agentVersion: "1.2",
    directory: "/work",
    title: "Title",
    mcp: { m: { type: "local", command: "x" } },
    skills: { sources: [] },
    agentMode: "plan",
    permissionMode: "bypass",
    model: "mock",
    variant: "high",
  });
  expect(link.options).toMatchObject([
    { id: "agentMode", value: "plan" },
    { id: "permissionMode", value: "bypass" },
    { id: "model", value: "mock", choices: [{ value: "mock", name: "Mock" }] },
    { id: "variant", value: "high" },
  ]);
  await expect(link.setOption("model", "other")).rejects.toThrow(/when a session starts/);
});

test("what a new session may choose, with what it gets unchosen", async () => {
  const { backend } = await start();
  expect(await backend.newSessionOptions?.("default", "mock", never)).toMatchObject([
    { id: "agentMode", value: "build", choices: [{ value: "build" }, { value: "plan" }] },
    { id: "permissionMode", value: "default" },
    { id: "model", value: "mock", choices: [{ value: "mock", name: "Mock" }] },
  ]);
});

test.each([
  [
    "a variant is one of any model",
    [
      { id: "a", variants: ["low", "high"] },
      { id: "b", variants: ["high", "max"] },
    ],
    ["low", "high", "max"],
  ],
  ["without variants there is nothing to choose", [{ id: "a" }], undefined],
])("%s", (_name, models, variants) => {
  const variant = newSessionOptions({ modes: [], models }, "a").find(({ id }) => id === "variant");
  expect(variant?.choices.map(({ value }) => value)).toEqual(variants);
});

test("an attachment is uploaded, and named by its path in the sandbox", async () => {
  const { server, open } = await start();
  const { link, recorder } = await open();
  await link.prompt([
    { type: "text", text: "look" },
    { type: "image", media_type: "image/png", data: btoa("png!") },
    { type: "file", name: "a/b.txt", path: "/work/there.txt" },
  ]);
  const sent = server.calls.find(({ path }) => path.endsWith("/messages"))?.body;
  expect(sent).toEqual({
    message: "look",
    attachments: [
      {
        path: expect.stringMatching(/^\/work\/\.sandbar\/attachments\/.*\/image\.png$/),
        mime: "image/png",
        filename: "image.png",
      },
      { path: "/work/there.txt", filename: "a/b.txt" },
    ],
  });
  const upload = server.calls.find(({ method }) => method === "PUT");
  expect(new TextDecoder().decode(upload?.bytes)).toBe("png!");
  await recorder.until((now) => now.terminals().length > 0);
  // The server appends the paths to the prompt; it is still Sandbar's own.
  expect(recorder.of("user_message")).toEqual([]);
});

test("a server before 0.1.11 says that it takes no files", async () => {
  const { backend, open } = await start({ files: false });
  await backend.check(never);
  expect(backend.capabilities.sandboxes.files).toBe(false);
  expect(backend.capabilities.sessions.attachments).toEqual([]);
  const { link } = await open();
  const prompt = link.prompt([{ type: "file", name: "a.txt", data: btoa("a") }]);
  await expect(prompt).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringMatching(/0\.1\.11/),
  });
});

test("an empty message is refused, as the server would never end its turn", async () => {
  const { link } = await (await start()).open();
  await expect(link.prompt([{ type: "text", text: "  " }])).rejects.toMatchObject({
    code: "invalid_request",
  });
});

test("a server with the abort route can be interrupted", async () => {
  const { backend, open } = await start({ abort: true });
  await backend.check(never);
  expect(backend.capabilities.sessions.interrupt).toBe(true);
  const { link, recorder } = await open();
  await link.prompt([{ type: "text", text: "permission" }]);
  await link.interrupt();
  await recorder.until((now) => now.terminals().length > 0);
  expect(recorder.terminals()).toMatchObject([{ data: { stop_reason: "cancelled" } }]);
});

test("an earlier always decides the next request without a dialog", async () => {
  const { open } = await start();
  const { link, recorder } = await open();
  await link.prompt([{ type: "text", text: "permission" }]);
  await recorder.until((now) => now.of("permission_request").length === 2);
  await link.replyPermission("mock_1_permission", { reply: "always", option_id: null, message: null });
  await link.prompt([{ type: "text", text: "permission" }]);
  await recorder.until((now) =>
    now.of("permission_response").some(({ request_id }) => request_id === "mock_2_permission"),
  );
  const types = recorder.events.map(({ event }) =>
    "request_id" in event.data ? `${event.event_type} ${event.data.request_id}` : event.event_type,
  );
  const at = types.indexOf("permission_request mock_2_permission");
  expect(types[at + 1]).toBe("permission_response mock_2_permission");
  expect(recorder.of("permission_response").at(-1)).toMatchObject({
    state: "auto_resolved",
    reply: "always",
  });
});

test("ending a session terminates it, and a later prompt says so", async () => {
  const { server, open } = await start();
  const { link } = await open({ session_id: "s1" });
  await link.close("end");
  expect(server.sessions.get("s1")?.terminated).toBe(true);
  const again = await open({ resume: { ref: "s1", cursor: "1" } });
  await expect(again.link.prompt([{ type: "text", text: "hi" }])).rejects.toMatchObject({
    code: "invalid_state",
    message: expect.stringMatching(/Start a new one/),
  });
});

test("files go in and out, and agents are listed with their state", async () => {
  const { backend } = await start();
  await backend.files?.write("default", "a.txt", new TextEncoder().encode("hello"), never);
  const [entry] = (await backend.files?.list("default", ".", never)) ?? [];
  expect(entry).toMatchObject({ path: "/work/a.txt", size: 5, is_dir: false });
  const bytes = await backend.files?.read("default", "/work/a.txt", never);
  expect(new TextDecoder().decode(bytes)).toBe("hello");
  expect(await backend.listAgents("default", never)).toMatchObject([
    { id: "claude", name: "Claude Code", installed: false },
    { id: "mock", installed: true },
  ]);
});
