import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Backend, OpenSession } from "#src/backends/backend.ts";
import type { Fetch } from "#src/backends/shared/http.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import { type FakeAmika, type FakeAmikaConfig, startFakeAmika } from "#src/testing/fake-amika.ts";
import { type LinkRecorder, openRecorded, type Recorded } from "#src/testing/link-recorder.ts";
import type { AmikaTiming } from "./api.ts";
import { createAmikaBackend } from "./backend.ts";

const TOKEN = "amk_secret-1";
const timing: Partial<AmikaTiming> = {
  poll_ms: 2,
  ask_ms: 2,
  lost_ms: 60_000,
  answered_ms: 100,
  backoff: { base_ms: 2, max_ms: 4 },
};
const say = (text: string): ContentBlock[] => [{ type: "text", text }];
const ended = (recorder: LinkRecorder): boolean => recorder.terminals().length > 0;

let server: FakeAmika;
let backend: Backend;
let sandbox_ref: string;
let streams: boolean;

async function start(config: FakeAmikaConfig = {}, more: Partial<AmikaTiming> = {}): Promise<void> {
  server = await startFakeAmika({ token: TOKEN, ...config });
  streams = config.stream ?? config.chats ?? false;
  backend = connect(more);
  sandbox_ref = server.addSandbox("team/web").id;
}
function connect(more: Partial<AmikaTiming> = {}, fetch?: Fetch): Backend {
  const limits = { ...timing, ...more };
  return createAmikaBackend({ url: server.url, token: TOKEN, random: () => 0, timing: limits, fetch });
}
beforeEach(() => start());
afterEach(async () => {
  await backend.close();
  await server.close();
});

const open = (request: Partial<OpenSession> = {}): Promise<Recorded> =>
  openRecorded(backend, { sandbox_ref, agent: "claude", ...request });
/** Prompts that reached an agent: a server without the stream does nothing with what is sent there. */
const sends = () => server.calls.filter(({ path }) => path.endsWith(streams ? "/stream" : "/agent-send"));
const text = (recorder: LinkRecorder): string[] => recorder.of("text_complete").map(({ text }) => text);

async function turn(prompt: string, recorded?: Recorded): Promise<Recorded> {
  const used = recorded ?? (await open());
  const before = used.recorder.terminals().length;
  await used.link.prompt(say(prompt));
  await used.recorder.until(() => used.recorder.terminals().length > before);
  return used;
}
async function restart({ link, recorder }: Recorded, request: Partial<OpenSession> = {}): Promise<Recorded> {
  await link.close("detach");
  return open({ resume: { ref: link.ref, cursor: recorder.cursor }, ...request });
}
const failure = (recorder: LinkRecorder) => recorder.of("session_failed")[0];

describe("a turn over agent-send", () => {
  test("the answer, its cost and one end", async () => {
    const { recorder } = await turn("echo hello there");
    expect(sends()[0]?.body).toEqual({
      message: "echo hello there",
      session_id: "ses_2",
      agent: "claude",
    });
    expect(text(recorder)).toEqual(["hello there"]);
    expect(recorder.of("usage_updated")).toEqual([{ cost: { amount: 0.25, currency: "USD" } }]);
    expect(recorder.terminals()).toMatchObject([
      { event_type: "session_completed", data: { cost_usd: 0.25 } },
    ]);
  });

  test("the prompt resolves long before the answer, and nothing is invented meanwhile", async () => {
    const { link, recorder } = await open();
    await link.prompt(say("hold at last"));
    await vi.waitFor(() => expect(sends()).toHaveLength(1));
    expect(recorder.events.map(({ event }) => event)).toEqual([{ event_type: "session_updated", data: {} }]);
    await expect(link.prompt(say("echo two"))).rejects.toMatchObject({ code: "invalid_state" });
    server.release();
    await recorder.until(ended);
    expect(text(recorder)).toEqual(["at last"]);
  });

  test.each(["auth", "auth-legacy"])("an agent that cannot log in (%s) says what to do", async (word) => {
    const { recorder } = await turn(word);
    expect(failure(recorder)).toMatchObject({
      code: "agent_unauthorized",
      error: expect.stringMatching(/Add or renew a claude credential .*Secrets.*authentication_error/s),
    });
    expect(text(recorder)).toEqual([]);
  });

  test("the agent's own failure is the error", async () => {
    const { recorder } = await turn("fail out of credits");
    expect(failure(recorder)).toMatchObject({ error: "out of credits", code: "agent_failed" });
  });

  test("an empty message is refused", async () => {
    const { link } = await open();
    await expect(link.prompt(say(" "))).rejects.toMatchObject({ code: "invalid_request" });
    expect(sends()).toEqual([]);
  });
});

describe("trouble on the way", () => {
  test("a turn that nobody tells about ends honestly", async () => {
    await server.close();
    await start({}, { lost_ms: 40 });
    const { recorder } = await turn("vanish");
    expect(failure(recorder)).toMatchObject({
      code: "turn_lost",
      error: expect.stringMatching(/may still be at work/),
    });
    expect(sends()).toHaveLength(1);
  });

  test("a session that is ended meanwhile ends the turn", async () => {
    const { link, recorder } = await open();
    await link.prompt(say("cut nothing"));
    server.sessions.get(link.ref)!.status = "failed";
    await recorder.until(ended);
    expect(failure(recorder)).toMatchObject({ code: "session_ended" });
  });

  test("a web page in place of the answer: the transcript has it", async () => {
    const { recorder } = await turn("junk but told");
    expect(text(recorder)).toEqual(["but told"]);
    expect(sends()).toHaveLength(1);
  });

  test("a prompt that is forbidden fails its turn, and is sent once", async () => {
    server.fault({ match: /POST .*\/agent-send$/, status: 403, body: "<html>broken</html>" });
    const { recorder } = await turn("echo x");
    expect(failure(recorder)).toMatchObject({ code: "unauthorized" });
    expect(sends()).toHaveLength(1);
  });

  test("502 of a proxy says nothing of the turn", async () => {
    const { link, recorder } = await open();
    server.fault({ match: /agent-send$/, status: 502, body: "<html>bad gateway</html>" });
    await link.prompt(say("echo x"));
    server.say(link.ref, "echo x", "from the transcript");
    await recorder.until(ended);
    expect(text(recorder)).toEqual(["from the transcript"]);
    expect(sends()).toHaveLength(1);
  });

  test("asking goes on through failures, and stops at a refused token", async () => {
    const { link, recorder } = await open();
    server.fault({ match: /GET .*\/sessions\/ses_2$/, status: 500, times: 0 });
    await link.prompt(say("cut x"));
    server.fault({ match: /GET .*\/sessions\/ses_2$/, status: 503, body: "<html>", times: 2 });
    server.fault({ match: /GET .*\/sessions\/ses_2$/, status: 200, body: "<html>junk", times: 1 });
    await vi.waitFor(() => expect(sends()).toHaveLength(1));
    server.token = "another";
    await recorder.until(ended);
    expect(failure(recorder)).toMatchObject({ code: "unauthorized", error: expect.stringMatching(/token/) });
    expect(JSON.stringify(recorder.events)).not.toContain(TOKEN);
  });
});

describe.each(["metadata", "chats"] as const)("after a restart, with transcripts in %s", (transcripts) => {
  beforeEach(async () => {
    await server.close();
    await start({ transcripts, chats: transcripts === "chats", stream: false });
  });

  test("an open turn is followed to its answer", async () => {
    const before = await turn("echo first");
    await before.link.prompt(say("hold second"));
    await vi.waitFor(() => expect(sends().at(-1)?.body).toMatchObject({ message: "hold second" }));
    const after = await restart(before);
    expect(after.link.continued).toBe(true);
    server.release();
    await after.recorder.until(ended);
    expect(text(after.recorder)).toEqual(["second"]);
    expect(after.recorder.of("user_message")).toEqual([]);
    expect(sends().filter(({ body }) => JSON.stringify(body).includes("second"))).toHaveLength(1);
  });

  test("a turn that ended meanwhile is told, and nothing twice", async () => {
    const before = await turn("echo first");
    const after = await restart(before);
    expect(after.link.continued).toBe(false);
    await turn("echo second", after);
    expect(text(after.recorder)).toEqual(["second"]);
    expect(after.recorder.terminals()).toHaveLength(1);
  });

  test("what others said while Sandbar was away is told as theirs", async () => {
    const before = await turn("echo first");
    server.say(before.link.ref, "their prompt", "their answer");
    const { recorder } = await restart(before);
    await recorder.until(ended);
    expect(recorder.of("user_message")).toMatchObject([
      { content: [{ type: "text", text: "their prompt" }] },
    ]);
    expect(text(recorder)).toEqual(["their answer"]);
  });
});

test.each([
  ["vanish", ["next"]],
  ["cut late", ["late", "next"]],
])("a turn that was given up (%s) is not in the way of the next", async (prompt, said) => {
  const before = await open();
  await before.link.prompt(say(prompt));
  await vi.waitFor(() => expect(sends()).toHaveLength(1));
  let looks = 0;
  backend = connect({ ask_ms: 60_000 }, async (url, init) => {
    const response = await fetch(url, init);
    if (/\/sessions\/ses_\d+$/.test(url)) looks += 1;
    return response;
  });
  const after = await restart(before);
  await vi.waitFor(() => expect(looks).toBe(1));
  server.release();
  await turn("echo next", after);
  expect(text(after.recorder)).toEqual(said);
  expect(after.recorder.of("user_message")).toEqual([]);
  expect(after.recorder.terminals()).toMatchObject([{ event_type: "session_completed" }]);
});

test("a prompt that failed is not told again when the transcript has it after all", async () => {
  const { link, recorder } = await turn("auth-legacy");
  server.say(link.ref, "auth-legacy", "a late word");
  await turn("echo next", { link, recorder });
  expect(recorder.of("user_message")).toEqual([]);
  expect(text(recorder)).toEqual(["a late word", "next"]);
});

test("an open turn is followed though the server is down when Sandbar comes back", async () => {
  const before = await open();
  await before.link.prompt(say("cut later"));
  await vi.waitFor(() => expect(sends()).toHaveLength(1));
  server.fault({ match: /GET .*\/sessions\//, status: 503, times: 4 });
  const after = await restart(before);
  server.release();
  await after.recorder.until(ended);
  expect(text(after.recorder)).toEqual(["later"]);
});

test("a server without transcripts: the turn is given up at the deadline", async () => {
  await server.close();
  await start({ transcripts: "none" }, { lost_ms: 40 });
  const { recorder } = await turn("vanish");
  expect(failure(recorder)).toMatchObject({ code: "turn_lost" });
});

describe("a turn over the stream", () => {
  beforeEach(async () => {
    await server.close();
    await start({ chats: true });
  });

  test("text comes as it is written, and the end has the usage", async () => {
    const { recorder } = await turn("echo one two");
    expect(recorder.of("text_delta").map((delta) => delta.text)).toEqual(["one ", "two"]);
    expect(text(recorder)).toEqual(["one two"]);
    const blocks = [...recorder.of("text_delta"), ...recorder.of("text_complete")].map(
      ({ block_id }) => block_id,
    );
    expect(new Set(blocks).size).toBe(1);
    expect(recorder.of("usage_updated")).toMatchObject([{ input_tokens: 10, output_tokens: 5 }]);
    expect(recorder.terminals()).toMatchObject([{ data: { duration_ms: 1200, cost_usd: 0.25 } }]);
    expect(recorder.of("log_line")).toEqual([{ line: "sandbox_ready", stream: "status" }]);
    expect(backend.capabilities.sessions.live_events).toBe(true);
    expect(sends()).toHaveLength(1);
  });

  test("a stream that ends without its end is asked after", async () => {
    const { link, recorder } = await open();
    await link.prompt(say("ceiling took long"));
    await recorder.until((now) => now.of("text_delta").length > 0);
    server.release();
    await recorder.until(ended);
    expect(text(recorder)).toEqual(["took long"]);
    expect(sends()).toHaveLength(1);
  });

  test("an error ends the turn, but `done` wins over it", async () => {
    expect(failure((await turn("error no luck")).recorder)).toMatchObject({ error: "no luck" });
    const { recorder } = await turn("both fine");
    expect(text(recorder)).toEqual(["fine"]);
    expect(recorder.terminals()).toMatchObject([{ event_type: "session_completed" }]);
  });

  test("an agent that cannot log in says what to do", async () => {
    expect(failure((await turn("auth")).recorder)).toMatchObject({ code: "agent_unauthorized" });
  });

  test("a server with chats but no stream is asked for it once", async () => {
    await server.close();
    await start({ chats: true, stream: false });
    const recorded = await turn("echo one");
    await turn("echo two", recorded);
    const posts = server.calls.filter(({ body }) => JSON.stringify(body).includes("echo"));
    expect(posts.map(({ path }) => path.split("/").at(-1))).toEqual(["stream", "agent-send", "agent-send"]);
    expect(backend.capabilities.sessions.live_events).toBe(false);
  });
});

describe("what a session carries", () => {
  test("its metadata and title go up, and a change leaves the rest alone", async () => {
    const recorded = await open({ title: "Fix it", metadata: { ticket: "A-1" } });
    await turn("echo x", recorded);
    await recorded.link.setMetadata?.({ ticket: "A-2" });
    await recorded.link.setTitle?.("Fixed");
    const { metadata } = server.sessions.get(recorded.link.ref)!;
    expect(metadata).toMatchObject({ ticket: "A-2", title: "Fixed" });
    expect(metadata.messages).toHaveLength(2);
  });

  test("a change during a turn waits for its end", async () => {
    const { link, recorder } = await open();
    await link.prompt(say("hold x"));
    await vi.waitFor(() => expect(sends()).toHaveLength(1));
    await link.setTitle?.("Later");
    expect(server.calls.some(({ method }) => method === "PATCH")).toBe(false);
    server.release();
    await recorder.until(ended);
    await vi.waitFor(() => expect(server.sessions.get(link.ref)?.metadata).toMatchObject({ title: "Later" }));
    expect(server.sessions.get(link.ref)?.metadata.messages).toHaveLength(2);
  });

  test("its end is told upstream", async () => {
    const { link } = await open();
    await link.close("end");
    expect(server.sessions.get(link.ref)?.status).toBe("completed");
    const [session] = await backend.listSessions(sandbox_ref, AbortSignal.timeout(5_000));
    expect(session).toMatchObject({ ref: link.ref, agent: "claude", state: "completed" });
  });

  test("sessions are listed page by page", async () => {
    for (let count = 0; count < 130; count += 1) {
      const id = `x_${count}`;
      server.sessions.set(id, {
        id,
        sandbox_id: sandbox_ref,
        agent_name: "codex",
        status: "active",
        metadata: {},
      });
    }
    const sessions = await backend.listSessions(sandbox_ref, AbortSignal.timeout(5_000));
    expect(new Set(sessions.map(({ ref }) => ref)).size).toBe(130);
  });
});
