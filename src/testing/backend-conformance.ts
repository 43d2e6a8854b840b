import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Backend, OpenSession } from "#src/backends/backend.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import type { FakeServer } from "./fake-server.ts";
import { openRecorded, type Recorded, type Recorder } from "./link-recorder.ts";

/** One adapter with a fake of its upstream, started anew for every test. */
export type BackendHarness = {
  /** The upstream; it may be told to misbehave. */
  server: FakeServer;
  /**
   * An adapter of the upstream with this token. Its limits are short, so that tests need not wait; `patient`: so long
   * that only what was sent decides.
   */
  connect(token: string | null, patient?: boolean): Backend;
  sandbox_ref: string;
  agent: string;
  /** Prompts that make the agent do a thing. */
  words: {
    /** Answers with exactly this text. */
    echo: (text: string) => string;
    /** Asks for at least one permission, and goes on or stops when all are answered. */
    permission: string;
    question: string;
    /** Shows everything that needs no answer. */
    rich: string;
    /** Does not end by itself. */
    endless: string;
  };
  /** `METHOD /path` of the calls that matter. */
  calls: { stream: RegExp; messages: RegExp; sessions: RegExp; reply: (request_id: string) => RegExp };
  /** Frames are numbered, so that even those that come in the wrong order can be told as they were. */
  numbered: boolean;
  /** The upstream restarts and remembers nothing. */
  forget(): void;
};

const TOKEN = "tok-secret-1";
const say = (text: string): ContentBlock[] => [{ type: "text", text }];
const ended =
  (count: number) =>
  (recorder: Recorder): boolean =>
    recorder.terminals().length >= count;

/**
 * The port's contract, against a fake upstream that speaks real HTTP: what every adapter must do, and the troubles that
 * each must survive.
 */
export function describeBackend(name: string, makeHarness: (token: string) => Promise<BackendHarness>): void {
  describe(`${name}: the backend port`, () => {
    let harness: BackendHarness;
    let backend: Backend;

    beforeEach(async () => {
      harness = await makeHarness(TOKEN);
      harness.server.token = TOKEN;
      backend = harness.connect(TOKEN);
    });
    afterEach(async () => {
      await backend.close();
      await harness.server.close();
    });

    const signal = (): AbortSignal => AbortSignal.timeout(5_000);
    const open = (request: Partial<OpenSession> = {}): Promise<Recorded> =>
      openRecorded(backend, { sandbox_ref: harness.sandbox_ref, agent: harness.agent, ...request });
    const callsOf = (match: RegExp) =>
      harness.server.calls.filter(({ method, path }) => match.test(`${method} ${path}`));

    /** Opens a session, sends one prompt and waits for its end. */
    async function turn(prompt: string): Promise<Recorded> {
      const recorded = await open();
      await recorded.link.prompt(say(prompt));
      await recorded.recorder.until(ended(1));
      return recorded;
    }

    /** Answers every request as it comes until the turn ends. */
    async function answerAll({ link, recorder }: Recorded): Promise<string[]> {
      const answered: string[] = [];
      const waiting = () => requestIds(recorder).filter((id) => !answered.includes(id));
      while (recorder.terminals().length === 0) {
        await recorder.until((now) => ended(1)(now) || waiting().length > 0);
        for (const id of waiting()) {
          answered.push(id);
          const permission = recorder.of("permission_request").some(({ request_id }) => request_id === id);
          if (permission) await link.replyPermission(id, { reply: "once", option_id: null, message: null });
          else await link.replyQuestion(id, [["Red"]]);
        }
      }
      return answered;
    }

    test("check tells online, unauthorized and offline apart", async () => {
      expect(await backend.check(signal())).toMatchObject({ state: "online" });
      const stranger = harness.connect("wrong");
      const refused = await stranger.check(signal());
      expect(refused.state).toBe("unauthorized");
      expect(refused.detail).toMatch(/token/i);
      await harness.server.close();
      expect(await backend.check(signal())).toMatchObject({ state: "offline" });
    });

    test("a prompt's answer arrives, and its turn ends exactly once", async () => {
      const { link, recorder } = await turn(harness.words.echo("first words"));
      expect(textOf(recorder)).toContain("first words");
      await link.prompt(say(harness.words.echo("second words")));
      await recorder.until(ended(2));
      expect(textOf(recorder)).toContain("second words");
      expect(recorder.terminals()).toHaveLength(2);
      expect(recorder.terminals()[0]).toMatchObject({ data: { session_id: "", turn_id: null } });
    });

    test("the prompt that Sandbar sent is not reported back", async () => {
      const { recorder } = await turn(harness.words.echo("mine"));
      expect(recorder.of("user_message")).toEqual([]);
      expect(recorder.of("turn_started")).toEqual([]);
    });

    test("sessions are listed with their agent", async () => {
      const { link } = await open();
      const sessions = await backend.listSessions(harness.sandbox_ref, signal());
      expect(sessions).toContainEqual(expect.objectContaining({ ref: link.ref, agent: harness.agent }));
    });

    test.each(["permission", "question"] as const)(
      "a %s waits, and the reply reaches the upstream",
      async (kind) => {
        const recorded = await open();
        await recorded.link.prompt(say(harness.words[kind]));
        const answered = await answerAll(recorded);
        expect(answered.length).toBeGreaterThan(0);
        expect(new Set(answered).size).toBe(answered.length);
        for (const id of answered) expect(callsOf(harness.calls.reply(id))).toHaveLength(1);
        expect(recorded.recorder.terminals()).toHaveLength(1);
      },
    );

    test("a request id is never used twice, and its second answer is refused", async () => {
      const recorded = await open();
      await recorded.link.prompt(say(harness.words.permission));
      const [first] = await answerAll(recorded);
      const again = recorded.link.replyPermission(first ?? "", {
        reply: "once",
        option_id: null,
        message: null,
      });
      await expect(again).rejects.toMatchObject({ code: "already_resolved" });
      await recorded.link.prompt(say(harness.words.permission));
      await recorded.recorder.until(() => requestIds(recorded.recorder).length > 1);
      const ids = requestIds(recorded.recorder);
      expect(new Set(ids).size).toBe(ids.length);
    });

    test("a turn can be interrupted, or the adapter says why not", async () => {
      const { link, recorder } = await open();
      await link.prompt(say(harness.words.endless));
      if (!backend.capabilities.sessions.interrupt) {
        await expect(link.interrupt()).rejects.toMatchObject({ code: "unsupported" });
        return;
      }
      await link.interrupt();
      await recorder.until(ended(1));
      expect(recorder.terminals()).toEqual([
        expect.objectContaining({ data: expect.objectContaining({ stop_reason: "cancelled" }) }),
      ]);
    });

    test("an option can be changed, or the adapter says why not", async () => {
      const { link } = await open();
      const [option] = link.options;
      if (!option) return;
      const value = option.choices.at(-1)?.value ?? option.value;
      const changed = await link.setOption(option.id, value).catch((error: unknown) => error);
      if (Array.isArray(changed))
        expect(changed).toContainEqual(expect.objectContaining({ id: option.id, value }));
      else expect(changed).toMatchObject({ code: "unsupported", message: expect.stringMatching(/\w+ \w+/) });
    });

    test("resuming from a cursor repeats nothing and goes on", async () => {
      const { link, recorder } = await turn(harness.words.echo("before"));
      const cursor = recorder.events.at(-1)?.cursor ?? null;
      expect(cursor).not.toBeNull();
      await link.close("detach");
      const again = await open({ resume: { ref: link.ref, cursor } });
      await again.link.prompt(say(harness.words.echo("after")));
      await again.recorder.until(ended(1));
      expect(textOf(again.recorder)).toContain("after");
      expect(textOf(again.recorder)).not.toContain("before");
      expect(again.recorder.terminals()).toHaveLength(1);
    });

    test("a session that another client made is told from its start", async () => {
      const { link } = await turn(harness.words.echo("history"));
      await link.close("detach");
      const found = await open({ resume: { ref: link.ref, cursor: null }, history: "replay" });
      await found.recorder.until(ended(1));
      expect(found.recorder.of("user_message")).toHaveLength(1);
      expect(textOf(found.recorder)).toContain("history");
    });

    test("resuming what the upstream does not know says so", async () => {
      const resume = { ref: "00000000-0000-4000-8000-000000000000", cursor: "5" };
      await expect(open({ resume })).rejects.toMatchObject({
        code: "not_found",
        message: expect.stringMatching(/session/),
      });
    });

    test.each<[string, (server: FakeServer) => void]>([
      ["doubled", (server) => server.repeatFrames(true)],
      ["out of order", (server) => server.reorderFrames(true)],
    ])("frames that come %s tell the same", async (what, trouble) => {
      const calm = await turn(harness.words.rich);
      // Without numbers the order of arrival is the only one there is, and HTTP keeps it.
      if (what === "out of order" && !harness.numbered) return;
      trouble(harness.server);
      const troubled = await turn(harness.words.rich);
      expect(told(troubled.recorder)).toEqual(told(calm.recorder));
    });

    test("a connection that is cut in the middle of a frame loses nothing", async () => {
      const calm = await turn(harness.words.rich);
      const { link, recorder } = await open();
      await link.prompt(say(harness.words.rich));
      harness.server.cutStreams();
      await recorder.until(() => recorder.events.length > 2);
      harness.server.cutStreams();
      await recorder.until(ended(1));
      expect(told(recorder)).toEqual(told(calm.recorder));
    });

    test("a stream that goes silent is replaced, and the turn still ends once", async () => {
      const { link, recorder } = await open();
      await vi.waitFor(() => expect(harness.server.openStreams()).toBe(1));
      harness.server.stallStreams(true);
      const before = callsOf(harness.calls.stream).length;
      await link.prompt(say(harness.words.echo("through the silence")));
      await vi.waitFor(() => expect(callsOf(harness.calls.stream).length).toBeGreaterThan(before), 5_000);
      harness.server.stallStreams(false);
      await recorder.until(ended(1));
      expect(textOf(recorder).split("through the silence")).toHaveLength(2);
      expect(recorder.terminals()).toHaveLength(1);
      expect(recorder.of("turn_started")).toEqual([]);
    });

    test("a token that is refused in mid-life closes the link with the reason", async () => {
      const { link, recorder } = await open();
      await vi.waitFor(() => expect(harness.server.openStreams()).toBe(1));
      harness.server.token = "another";
      harness.server.cutStreams();
      await recorder.until((now) => now.closed() !== null);
      expect(recorder.closed()?.reason).toMatch(/token/i);
      expect(recorder.closed()?.reason).not.toContain(TOKEN);
      await expect(link.prompt(say("hello"))).rejects.toBeInstanceOf(Error);
      await expect(backend.listSessions(harness.sandbox_ref, signal())).rejects.toMatchObject({
        code: "unauthorized",
      });
    });

    test.each([
      ["5xx", { status: 503, body: "busy" }],
      ["429", { status: 429, headers: { "retry-after": "0" } }],
      ["an error page with status 200", { status: 200, body: "<!doctype html><h1>Oops</h1>" }],
    ])("a stream that is answered with %s is opened again", async (_, fault) => {
      const { link, recorder } = await open();
      await vi.waitFor(() => expect(harness.server.openStreams()).toBe(1));
      harness.server.fault({ match: harness.calls.stream, times: 2, ...fault });
      harness.server.cutStreams();
      await link.prompt(say(harness.words.echo("after the trouble")));
      await recorder.until(ended(1));
      expect(textOf(recorder)).toContain("after the trouble");
    });

    test("a prompt waits as long as 429 asks, and is sent once", async () => {
      const { link, recorder } = await open();
      harness.server.fault({ match: harness.calls.messages, status: 429, headers: { "retry-after": "0" } });
      await link.prompt(say(harness.words.echo("patience")));
      await recorder.until(ended(1));
      expect(callsOf(harness.calls.messages)).toHaveLength(2);
      expect(textOf(recorder).split("patience")).toHaveLength(2);
    });

    test("a prompt that the upstream fails is refused, and is not sent again", async () => {
      const { link } = await open();
      harness.server.fault({ match: harness.calls.messages, status: 500, body: "<html>broken</html>" });
      await expect(link.prompt(say("lost"))).rejects.toMatchObject({ code: "upstream_error" });
      expect(callsOf(harness.calls.messages)).toHaveLength(1);
    });

    test("a web page in place of JSON is named as one", async () => {
      harness.server.fault({
        match: harness.calls.sessions,
        status: 200,
        body: "<!doctype html><p>hi</p>",
        times: 2,
      });
      await expect(backend.listSessions(harness.sandbox_ref, signal())).rejects.toMatchObject({
        code: "upstream_error",
        message: expect.stringMatching(/web page/),
      });
    });

    test("50 MB of junk in the stream is skipped and said", async () => {
      await backend.close();
      backend = harness.connect(TOKEN, true);
      const { link, recorder } = await open();
      await vi.waitFor(() => expect(harness.server.openStreams()).toBe(1));
      harness.server.inject(`data: ${"j".repeat(50 * 1024 * 1024)}\n\n`);
      await recorder.until((now) => now.of("unparsed").length > 0, 15_000);
      await link.prompt(say(harness.words.echo("still here")));
      await recorder.until(ended(1));
      expect(textOf(recorder)).toContain("still here");
      expect(JSON.stringify(recorder.events).length).toBeLessThan(1024 * 1024);
    });

    test("a frame that is no event is kept and shown", async () => {
      const { recorder } = await open();
      await vi.waitFor(() => expect(harness.server.openStreams()).toBe(1));
      harness.server.inject("data: {not json\n\n");
      await recorder.until((now) => now.of("unparsed").length > 0);
      expect(recorder.of("unparsed")[0]?.raw).toContain("{not json");
    });

    test("an upstream that restarts with its memory gone ends the link; a new session works", async () => {
      const { link, recorder } = await turn(harness.words.echo("old"));
      harness.forget();
      harness.server.cutStreams();
      await recorder.until((now) => now.closed() !== null);
      expect(recorder.closed()).toMatchObject({
        recoverable: false,
        reason: expect.stringMatching(/session/),
      });
      const cursor = recorder.events.at(-1)?.cursor ?? null;
      await expect(open({ resume: { ref: link.ref, cursor } })).rejects.toMatchObject({ code: "not_found" });
      const fresh = await turn(harness.words.echo("new"));
      expect(textOf(fresh.recorder)).toContain("new");
    });

    test("nothing that is reported holds the token", async () => {
      const { recorder } = await turn(harness.words.rich);
      expect(JSON.stringify(recorder.events)).not.toContain(TOKEN);
    });
  });
}

function requestIds(recorder: Recorder): string[] {
  return [...recorder.of("permission_request"), ...recorder.of("user_input_request")].map(
    ({ request_id }) => request_id,
  );
}

/** Everything the agent said, deltas and final texts. */
function textOf(recorder: Recorder): string {
  const blocks = new Map<string, string>();
  for (const { event } of recorder.events) {
    if (event.event_type !== "text_delta" && event.event_type !== "text_complete") continue;
    const { text, block_id = "" } = event.data;
    const before = event.event_type === "text_delta" ? (blocks.get(block_id) ?? "") : "";
    blocks.set(block_id, before + text);
  }
  return [...blocks.values()].join("\n");
}

/** What was reported, without what differs between two sessions. */
function told(recorder: Recorder): unknown[] {
  return recorder.events.map(({ event }) => event);
}
