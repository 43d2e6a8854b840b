import { afterEach, describe, expect, test, vi } from "vitest";
import { type FakeApiConfig, startFakeSessionsApi } from "#src/testing/fake-sessions-api.ts";
import { openRecorded } from "#src/testing/link-recorder.ts";
import { createSessionsApiBackend } from "./backend.ts";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.close();
});

async function start(config: FakeApiConfig = {}) {
  const server = await startFakeSessionsApi({ keepalive_ms: 20, ...config });
  const timing = { settle_ms: 20, quiet_ms: 200, poll_ms: 2 };
  const backend = createSessionsApiBackend({ url: server.url, token: "key", timing });
  opened.push(backend, server);
  const open = (more: Partial<Parameters<typeof openRecorded>[1]> = {}) =>
    openRecorded(backend, { sandbox_ref: server.sandbox_id, agent: "claude-code", ...more });
  return { server, backend, open };
}

const say = (text: string) => [{ type: "text" as const, text }];

describe("turns of which no event tells the end", () => {
  test.each<[string, "source" | "doc", string, object]>([
    ["a crash", "source", "crash", { event_type: "session_completed" }],
    [
      "an agent that did not start",
      "source",
      "broken",
      { event_type: "session_failed", data: { error: "The agent failed to start." } },
    ],
    ["a stream that gave nothing", "source", "mute", { event_type: "session_completed" }],
    ["a crash on a server without a queue", "doc", "crash", { event_type: "session_completed" }],
  ])("%s (%s) ends once all the same", async (_, style, prompt, expected) => {
    const { open } = await start({ style });
    const { link, recorder } = await open();
    await link.prompt(say(prompt));
    await recorder.until((now) => now.terminals().length > 0);
    expect(recorder.terminals()).toMatchObject([expected]);
  });

  test("the answer that only the POST returned is shown", async () => {
    const { link, recorder } = await (await start({ style: "source" })).open();
    await link.prompt(say("mute"));
    await recorder.until((now) => now.terminals().length > 0);
    expect(recorder.of("text_complete")).toMatchObject([{ text: "Said only in the answer." }]);
  });

  test("a prompt that is refused after a late frame of the turn before fails, and is not taken for done", async () => {
    const { server } = await start({ style: "source" });
    let refuse = (): void => {};
    const refused = new Promise<Response>((resolve) => {
      refuse = () => resolve(new Response("{}", { status: 500 }));
    });
    const backend = createSessionsApiBackend({
      url: server.url,
      token: "key",
      timing: { settle_ms: 20 },
      fetch: (url, init) =>
        init.method === "POST" && url.endsWith("/messages") ? refused : fetch(url, init),
    });
    opened.unshift(backend);
    const { link, recorder } = await openRecorded(backend, {
      sandbox_ref: server.sandbox_id,
      agent: "claude-code",
    });
    await vi.waitFor(() => expect(server.openStreams()).toBe(1));
    const prompted = link.prompt(say("echo lost"));
    server.push(link.ref, "queue_updated", { queue: [], queue_length: 0 });
    await prompted;
    refuse();
    await recorder.until((now) => now.terminals().length > 0);
    expect(recorder.terminals()).toMatchObject([
      { event_type: "session_failed", data: { code: "upstream_error" } },
    ]);
  });

  test("a refusal ends the turn of the first server", async () => {
    const { server, open } = await start({ style: "source" });
    const { link, recorder } = await open();
    await link.prompt(say("permission"));
    await recorder.until((now) => now.of("permission_request").length > 0);
    const [request] = recorder.of("permission_request");
    await link.replyPermission(request!.request_id, { reply: "reject", option_id: null, message: "no" });
    await recorder.until((now) => now.terminals().length > 0);
    const sent = server.calls.find(({ path }) => path.includes("/permissions/"));
    expect(sent?.body).toEqual({ approved: false });
    expect(recorder.terminals()).toHaveLength(1);
  });
});

describe("answers", () => {
  test.each([
    ["source", { approved: true }, { answer: "Red" }, { answer: "The user declined to answer." }],
    ["sandbar", { reply: "once", message: "ok" }, { answers: [["Red"]] }, ""],
  ] as const)("to a %s go in its own words", async (style, permission, answered, rejected) => {
    const { server, open } = await start({ style });
    const { link, recorder } = await open();
    const last = (part: string) => server.calls.findLast(({ path }) => path.includes(part));
    await link.prompt(say("permission"));
    await recorder.until((now) => now.of("permission_request").length > 0);
    const { request_id } = recorder.of("permission_request")[0]!;
    await link.replyPermission(request_id, { reply: "once", option_id: null, message: "ok" });
    expect(last("/permissions/")?.body).toEqual(permission);
    await recorder.until((now) => now.terminals().length === 1);
    for (const [count, answers, expected] of [
      [1, [["Red"]], answered],
      [2, null, rejected],
    ] as const) {
      await link.prompt(say("question"));
      await recorder.until((now) => now.of("user_input_request").length === count);
      await link.replyQuestion(recorder.of("user_input_request").at(-1)!.request_id, answers);
      expect(last("/user-input/")?.body).toEqual(expected);
      await recorder.until((now) => now.terminals().length === count + 1);
    }
  });
});

describe("options", () => {
  test("the permission mode is set when a session opens, and can be changed", async () => {
    const { server, open } = await start({ style: "source" });
    const { link } = await open({ options: { permission_mode: "approve_all", model: "opus" } });
    expect(link.options).toMatchObject([{ id: "permission_mode", value: "approve_all" }]);
    expect(server.sessions.get(link.ref)).toMatchObject({
      mode: "approve_all",
      metadata: { model_override: "opus" },
    });
    await link.setOption("permission_mode", "plan_only");
    expect(server.sessions.get(link.ref)?.mode).toBe("plan_only");
  });

  test("a server without the route offers no mode, and says so when asked", async () => {
    const { open } = await start({ style: "doc" });
    const { link } = await open({ options: { permission_mode: "approve_all" } });
    expect(link.options).toEqual([]);
    await expect(link.setOption("permission_mode", "plan_only")).rejects.toMatchObject({
      code: "unsupported",
    });
  });

  test("another Sandbar's options are its agent's", async () => {
    const { open } = await start({ style: "sandbar" });
    const { link } = await open();
    expect(link.title).toBe("Title");
    expect(await link.setOption("model", "large")).toMatchObject([{ id: "model", value: "large" }]);
  });
});

test("a file is put into the sandbox and named in the text", async () => {
  const { server, open } = await start();
  const { link } = await open();
  await link.prompt([...say("look"), { type: "file", name: "a.txt", data: btoa("hello") }]);
  const put = server.calls.find(({ method }) => method === "PUT");
  expect(new TextDecoder().decode(put?.bytes)).toBe("hello");
  const sent = server.calls.find(({ path }) => path.endsWith("/messages"));
  expect(sent?.headers.prefer).toBe("respond-async");
  expect(sent?.body).toMatchObject({
    role: "user",
    content: [
      { text: "look" },
      { text: expect.stringMatching(/^Attached file: \/tmp\/sandbar\/.*\/a\.txt$/) },
    ],
  });
});

test("the key travels in both headers", async () => {
  const { server, backend } = await start();
  await backend.listSandboxes(new AbortController().signal);
  expect(server.calls[0]?.headers).toMatchObject({ authorization: "Bearer key", "x-api-key": "key" });
});
