import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { OpenSession, SessionLink } from "#src/backends/backend.ts";
import { type RealAgentServer, startRealAgentServer } from "#src/testing/real-agent-server.ts";
import { LinkRecorder, requestFor } from "#src/testing/link-recorder.ts";
import { createSandboxAgentBackend } from "./backend.ts";
import { type AgentServerClient, createAgentServerClient } from "./client.ts";
import { parseCursor } from "./cursor.ts";

let server: RealAgentServer;
let client: AgentServerClient;
const { signal } = new AbortController();

beforeAll(async () => {
  server = await startRealAgentServer();
  client = createAgentServerClient(server);
}, 60_000);
afterAll(async () => {
  await client.close();
  await server.stop();
});

async function open(watch: LinkRecorder, change: Partial<OpenSession> = {}): Promise<SessionLink> {
  const own = { sandbox_ref: "default", agent: "mock", directory: server.folder, ...change };
  return client.openSession(requestFor(watch, own));
}

async function say(link: SessionLink, watch: LinkRecorder, text: string): Promise<void> {
  const ends = watch.ends.length;
  await link.prompt([{ type: "text", text }]);
  await watch.until(() => watch.ends.length > ends);
}

test("the server is online as one sandbox with its agents", async () => {
  const backend = createSandboxAgentBackend(server);
  expect(await backend.check(signal)).toMatchObject({ state: "online", detail: null, version: "0.4.2" });
  expect(await backend.listSandboxes(signal)).toMatchObject([{ ref: "default", state: "running" }]);
  const mock = (await backend.listAgents("default", signal)).find(({ id }) => id === "mock");
  expect(mock).toMatchObject({ name: "Mock", installed: true });
});

test("a wrong token is unauthorized, a closed port is offline", async () => {
  const wrong = createSandboxAgentBackend({ ...server, token: "wrong" });
  expect(await wrong.check(signal)).toMatchObject({ state: "unauthorized" });
  const closed = createSandboxAgentBackend({ url: "http://127.0.0.1:9", token: null });
  expect(await closed.check(signal)).toMatchObject({
    state: "offline",
    detail: expect.stringContaining("127.0.0.1:9"),
  });
});

test("files and commands", async () => {
  const path = join(server.folder, "note.txt");
  await client.files.write("default", path, new TextEncoder().encode("hé"), signal);
  expect(new TextDecoder().decode(await client.files.read("default", path, signal))).toBe("hé");
  expect(await client.files.list("default", server.folder, signal)).toMatchObject([
    { path, size: 3, is_dir: false },
  ]);
  expect(await client.exec({ command: ["cat", "note.txt"], workdir: server.folder }, signal)).toMatchObject({
    exit_code: 0,
    stdout: "hé",
  });
  await client.files.remove("default", path, signal);
  expect(await client.files.list("default", server.folder, signal)).toEqual([]);
  await client.files.write("default", join(server.folder, "deep/note.txt"), new Uint8Array(1), signal);
  await client.files.remove("default", join(server.folder, "deep"), signal);
  expect(
    await client.files.list("default", server.folder, signal),
    "a folder goes with what is in it",
  ).toEqual([]);
});

test("relative paths start where sessions do, not at the server's home", async () => {
  await client.files.write("default", "deep/here.txt", new TextEncoder().encode("here"), signal);
  const { stdout } = await client.exec({ command: ["cat", "deep/here.txt"] }, signal);
  expect(stdout).toBe("here");
  expect(await client.files.list("default", "deep", signal)).toMatchObject([
    { path: expect.stringMatching(/\/deep\/here\.txt$/) },
  ]);
  expect(
    (await client.files.list("default", "", signal)).map(({ path }) => path.split("/").at(-1)),
  ).toContain("deep");
  await client.files.remove("default", "deep", signal);
});

test("a turn with a permission does its work; an allowed edit is on the disk", async () => {
  const watch = new LinkRecorder();
  const link = await open(watch, { options: { thought_level: "high" } });
  expect(link.options.find(({ category }) => category === "thought_level")?.value).toBe("high");

  const writing = say(link, watch, "write hello.txt bonjour");
  const { request_id, diffs } = await watch.seen("permission_request");
  expect(diffs).toMatchObject([{ old_text: null, new_text: expect.stringContaining("bonjour") }]);
  await link.replyPermission(request_id, { reply: "once", option_id: null, message: null });
  await writing;
  expect(await readFile(join(server.folder, "hello.txt"), "utf8")).toContain("bonjour");

  const running = say(link, watch, "run sh -c 'echo out; exit 3'");
  const second = await watch.seen("permission_request", 2);
  await link.replyPermission(second.request_id, { reply: "once", option_id: null, message: null });
  await running;
  expect(watch.of("tool_update").findLast(({ exit_code }) => exit_code !== undefined)).toMatchObject({
    status: "failed",
    exit_code: 3,
  });
  expect(watch.ends).toEqual(["session_completed", "session_completed"]);
  await link.close("end");
});

test("a question is answered through its form", async () => {
  const watch = new LinkRecorder();
  const link = await open(watch);
  const asking = say(link, watch, "question multi");
  const { request_id, questions } = await watch.seen("user_input_request");
  expect(questions).toMatchObject([
    { kind: "multiple", options: [{ label: "Server" }, { label: "Page" }, { label: "Agent" }] },
  ]);
  await link.replyQuestion(request_id, [["Server", "Agent"]]);
  await asking;
  expect(watch.text).toContain("Server, Agent");
  await link.close("end");
});

test("a stop ends a long turn as cancelled", async () => {
  const watch = new LinkRecorder();
  const link = await open(watch);
  await link.prompt([{ type: "text", text: "sleep 600" }]);
  await link.interrupt();
  expect((await watch.seen("session_completed")).stop_reason).toBe("cancelled");
  await link.close("end");
});

test("an error tells the agent's stderr, a crash its exit code; each ends its turn once", async () => {
  const watch = new LinkRecorder();
  const link = await open(watch);
  let errors = 0;
  // The server may read an answer before what the agent wrote to stderr right before it; then it tells of none.
  await vi.waitFor(async () => {
    errors += 1;
    await say(link, watch, "error");
    expect(watch.of("session_failed").at(-1)?.stderr).toContain("mock");
  });
  await say(link, watch, "crash");
  await watch.until(() => watch.closed() !== null);
  expect(watch.of("session_failed").at(-1)).toMatchObject({ code: "agent_exited", stderr: null });
  expect(watch.ends).toHaveLength(errors + 1);
});

test("a session is taken over while its process runs, and restored when it is gone", async () => {
  const first = new LinkRecorder();
  const link = await open(first);
  await say(link, first, "echo remember me");
  await link.prompt([{ type: "text", text: "long 200 1" }]);
  await first.seen("text_delta", 5);
  await link.close("detach");

  const second = new LinkRecorder();
  const again = await open(second, { resume: { ref: link.ref, cursor: first.cursor } });
  expect(again.continued).toBe(true);
  await second.seen("session_completed");
  const whole = (first.text + second.text).slice(first.text.indexOf("remember me") + "remember me".length);
  expect(second.ends).toEqual(["session_completed"]);
  await again.close("end");

  const third = new LinkRecorder();
  const restored = await open(third, { resume: { ref: link.ref, cursor: second.cursor }, history: "replay" });
  expect(restored.continued).toBe(false);
  expect(third.of("user_message").map(({ content }) => content)).toMatchObject([
    [{ text: "echo remember me" }],
    [{ text: "long 200 1" }],
  ]);
  expect(third.text.endsWith(whole)).toBe(true);
  await say(restored, third, "echo back again");
  expect(third.text).toContain("back again");
  expect(await client.listSessions(signal)).toMatchObject(
    expect.arrayContaining([expect.objectContaining({ ref: link.ref, agent: "mock" })]),
  );
  await restored.close("end");
});

test("a burst of thousands of updates arrives whole", async () => {
  const watch = new LinkRecorder();
  const link = await open(watch);
  await say(link, watch, "burst 1500");
  expect(watch.of("tool_use_start").length + watch.of("error").length).toBeGreaterThanOrEqual(1500);
  expect(watch.of("error")).toEqual([]);
  await link.close("end");

  const again = new LinkRecorder();
  const loaded = await open(again, { resume: { ref: link.ref, cursor: null }, history: "replay" });
  expect(again.of("error")).toEqual([]);
  const titles = (recorder: LinkRecorder) => recorder.of("tool_use_start").map(({ title }) => title);
  expect(titles(again)).toEqual(titles(watch));
  await loaded.close("end");
});

/** Reads an instance's stream, as another client would, until it has brought `text`. */
async function heard(server_id: string, text: string): Promise<void> {
  const reading = new AbortController();
  const headers = { authorization: `Bearer ${server.token}` };
  const address = `${server.url}/v1/acp/${server_id}`;
  const { body } = await fetch(address, { headers, signal: reading.signal });
  let said = "";
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    said += chunk;
    if (said.includes(text)) break;
  }
  reading.abort();
}

test("a turn that ran over the ring while nobody read is followed to its end, and the hole is told", async () => {
  const first = new LinkRecorder();
  const link = await open(first);
  await link.prompt([{ type: "text", text: "long 2500 1" }]);
  await first.seen("text_delta", 3);
  await link.close("detach");
  await heard(parseCursor(first.cursor)!.server_id, '"stopReason"');

  const second = new LinkRecorder();
  const again = await open(second, { resume: { ref: link.ref, cursor: first.cursor } });
  expect(again.continued).toBe(true);
  expect(second.ends).toEqual(["session_completed"]);
  expect(second.of("error")).toMatchObject([
    { code: "messages_lost", message: expect.stringContaining("hole") },
  ]);
  expect(second.of("text_delta").length).toBeGreaterThan(1_000);
  await say(again, second, "echo after the hole");
  expect(second.text).toContain("after the hole");
  await again.close("end");
});
