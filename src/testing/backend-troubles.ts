import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type BackendHarness,
  type Bench,
  createBench,
  ended,
  refusal,
  say,
  signal,
  textOf,
  TOKEN,
  TROUBLES,
  type Trouble,
  turn,
  type Spared,
} from "./conformance-bench.ts";

/** One way in which a trouble comes, and what the adapter makes of it. */
type Case = [title: string, run: (bench: Bench) => Promise<void>];

const page = "<!doctype html><h1>Oops</h1>";
const MEGABYTES_50 = 50 * 1024 * 1024;

/** Ways in which what a broken connection did not bring is refused at first. */
const setbacks = {
  "5xx": { status: 503, body: "busy" },
  "429 with Retry-After": { status: 429, headers: { "retry-after": "0" } },
  "an HTML error page": { status: 200, body: page },
};

const goesOn =
  (trouble: keyof typeof setbacks) =>
  async (bench: Bench): Promise<void> => {
    const { server, calls } = bench.harness;
    const recorded = await bench.open();
    let before = 0;
    await bench.turnThroughCut(recorded, "after the trouble", () => {
      before = bench.callsOf(calls.recovery).length;
      server.fault({ match: calls.recovery, times: 2, ...setbacks[trouble] });
    });
    expect(bench.callsOf(calls.recovery).length - before).toBeGreaterThanOrEqual(3);
    expect(textOf(recorded.recorder)).toContain("after the trouble");
    expect(recorded.recorder.terminals()).toHaveLength(1);
  };

/** A prompt that is answered so is told as failed, is not sent again, and is not in the way of the next. */
const refused =
  (fault: { status: number; body?: string | (() => string); headers?: Record<string, string> }, code = /./) =>
  async (bench: Bench): Promise<void> => {
    const { server, calls, words } = bench.harness;
    const recorded = await bench.open();
    const body = typeof fault.body === "function" ? fault.body() : fault.body;
    server.fault({ match: calls.prompt, ...fault, body });
    expect(await refusal(recorded, words.echo("lost"))).toMatchObject({
      code: expect.stringMatching(code),
      message: expect.stringMatching(/\w+ \w+ \w+/),
    });
    expect(bench.callsOf(calls.prompt)).toHaveLength(1);
    await turn(recorded, words.echo("the next"));
    expect(textOf(recorded.recorder)).toContain("the next");
    expect(textOf(recorded.recorder)).not.toContain("lost");
  };

const cases: Record<Trouble, Case[]> = {
  "a 30 s stall": [
    [
      "a connection that goes silent is given up, and the turn still ends once",
      async (bench) => {
        const { server, calls } = bench.harness;
        const recorded = await bench.open();
        const { recorder } = recorded;
        server.stall(calls.words);
        const release = await bench.begin(recorded, "through the silence");
        const before = bench.callsOf(calls.recovery).length;
        release();
        await vi.waitFor(() => expect(bench.callsOf(calls.recovery).length).toBeGreaterThan(before));
        server.stall(null);
        await recorder.until(ended(1));
        expect(textOf(recorder).split("through the silence")).toHaveLength(2);
        expect(recorder.types.at(-1)).toBe("session_completed");
        expect(recorder.terminals()).toHaveLength(1);
        expect(recorder.of("turn_started")).toEqual([]);
      },
    ],
  ],
  "a cut mid-frame": [
    [
      "loses nothing, and the prompt is not sent again",
      async (bench) => {
        const { server, calls, words, transport } = bench.harness;
        const calm = await bench.open();
        await turn(calm, words.rich);
        const sent = bench.callsOf(calls.prompt).length;
        const { link, recorder } = await bench.open();
        await link.prompt(say(words.rich));
        await vi.waitFor(() => expect(bench.callsOf(calls.prompt).length).toBe(sent + 1));
        server.cut();
        if (transport === "stream") {
          await recorder.until(() => recorder.events.length > 2);
          server.cut();
        }
        await recorder.until(ended(1));
        expect(bench.told(recorder)).toEqual(bench.told(calm.recorder));
        expect(bench.callsOf(calls.prompt).length).toBe(sent + 1);
      },
    ],
  ],
  "doubled frames": [["tell the same", tellsTheSame(({ harness }) => harness.server.repeatFrames(true))]],
  "reordered frames": [["tell the same", tellsTheSame(({ harness }) => harness.server.reorderFrames(true))]],
  "401 in mid-life": [
    [
      "is told with the reason, by a prompt, a list and a link that listens",
      async (bench) => {
        const { server, transport, words } = bench.harness;
        const recorded = await bench.open();
        server.token = "another";
        server.cut();
        if (transport === "stream") {
          await recorded.recorder.until((now) => now.closed() !== null);
          expect(recorded.recorder.closed()?.reason).toMatch(/token/i);
          await expect(recorded.link.prompt(say(words.echo("hello")))).rejects.toBeInstanceOf(Error);
        } else {
          expect(await refusal(recorded, words.echo("hello"))).toMatchObject({
            code: "unauthorized",
            message: expect.stringMatching(/token/i),
          });
        }
        await expect(bench.backend.listSessions(bench.sandbox_ref, signal())).rejects.toMatchObject({
          code: "unauthorized",
        });
        expect(JSON.stringify([recorded.recorder.events, recorded.recorder.closed()])).not.toContain(TOKEN);
      },
    ],
    [
      "leaves no turn running",
      async (bench) => {
        const { link, recorder } = await bench.open();
        await link.prompt(say(bench.harness.words.endless));
        await vi.waitFor(() => expect(bench.callsOf(bench.harness.calls.prompt)).toHaveLength(1));
        bench.harness.server.token = "another";
        bench.harness.server.cut();
        await recorder.until((now) => now.closed() !== null || ended(1)(now));
        expect(recorder.of("session_completed")).toEqual([]);
        expect(recorder.terminals().length).toBeLessThanOrEqual(1);
      },
    ],
  ],
  "5xx": [
    ["is tried again until the answer comes", goesOn("5xx")],
    ...[500, 502, 503, 504].map((status): Case => [
      `${status} fails the prompt, which is not sent again`,
      refused({ status, body: "<html>broken</html>" }),
    ]),
  ],
  "429 with Retry-After": [
    ["is tried again when it says", goesOn("429 with Retry-After")],
    [
      "a prompt waits for as long as it asks, and is taken once",
      async (bench) => {
        const { server, calls, words } = bench.harness;
        const recorded = await bench.open();
        server.fault({ match: calls.prompt, ...setbacks["429 with Retry-After"] });
        await turn(recorded, words.echo("patience"));
        expect(bench.callsOf(calls.prompt)).toHaveLength(2);
        expect(textOf(recorded.recorder).split("patience")).toHaveLength(2);
      },
    ],
    [
      "a prompt is not kept waiting for an hour",
      refused({ status: 429, headers: { "retry-after": "3600" } }, /^rate_limited$/),
    ],
  ],
  "an HTML error page": [
    ["in place of the answer is tried again", goesOn("an HTML error page")],
    ["fails a prompt, which is not sent again", refused({ status: 200, body: page })],
    [
      "is named as a web page",
      async ({ harness, backend, sandbox_ref }) => {
        harness.server.fault({ match: harness.calls.sessions, status: 200, body: page });
        await expect(backend.listSessions(sandbox_ref, signal())).rejects.toMatchObject({
          code: "upstream_error",
          message: expect.stringMatching(/web page/),
        });
      },
    ],
  ],
  "50 MB of junk": [
    [
      "in a stream is skipped and said; so is a frame that is no event",
      async ({ harness }) => {
        const { server, transport } = harness;
        const backend = harness.connect(TOKEN, true);
        const patient = createBench(harness, backend);
        const recorded = await patient.open();
        const { recorder } = recorded;
        const release = transport === "stream" ? () => {} : await patient.begin(recorded, "still here");
        // What is no stream has no frames; the other cases flood the answer.
        if (transport === "answer") return expect(server.openStreams()).toBe(0);
        server.inject("event: confetti\ndata: {not json\n\n");
        server.inject(`event: delta\ndata: ${"j".repeat(MEGABYTES_50)}\n\n`);
        await recorder.until((now) => now.of("unparsed").length === 2, 15_000);
        release();
        if (transport === "stream") await recorded.link.prompt(say(harness.words.echo("still here")));
        await recorder.until(ended(1));
        await backend.close();
        expect(recorder.of("unparsed")[0]?.raw).toContain("{not json");
        expect(textOf(recorder)).toContain("still here");
        expect(JSON.stringify(recorder.events).length).toBeLessThan(1024 * 1024);
      },
    ],
    ["as the answer to a prompt fails it", refused({ status: 200, body: () => "j".repeat(MEGABYTES_50) })],
    [
      "as a list is refused",
      async ({ harness, backend, sandbox_ref }) => {
        harness.server.fault({ match: harness.calls.sessions, status: 200, body: "j".repeat(MEGABYTES_50) });
        await expect(backend.listSessions(sandbox_ref, signal())).rejects.toMatchObject({
          code: "upstream_error",
          message: expect.stringMatching(/^.{1,300}$/),
        });
      },
    ],
  ],
  "a restart with its memory gone": [
    [
      "ends the link with a reason; a new session works",
      async (bench) => {
        const { harness } = bench;
        const recorded = await bench.open();
        const { link, recorder } = recorded;
        await turn(recorded, harness.words.echo("old"));
        harness.forget();
        harness.server.cut();
        await refusal(recorded, harness.words.echo("to nobody"));
        await recorder.until((now) => now.closed() !== null);
        expect(recorder.closed()?.reason).toMatch(/session/);
        const resume = { ref: link.ref, cursor: recorder.cursor };
        await expect(bench.open({ resume })).rejects.toMatchObject({ code: "not_found" });
        const fresh = await bench.open();
        await turn(fresh, harness.words.echo("new"));
        expect(textOf(fresh.recorder)).toContain("new");
      },
    ],
  ],
};

function tellsTheSame(trouble: (bench: Bench) => void) {
  return async (bench: Bench): Promise<void> => {
    const { rich } = bench.harness.words;
    const calm = await bench.open();
    await turn(calm, rich);
    trouble(bench);
    const troubled = await bench.open();
    await turn(troubled, rich);
    expect(bench.told(troubled.recorder)).toEqual(bench.told(calm.recorder));
  };
}

/** Every trouble, or the reason why it cannot come; and that none was left out. */
export function describeTroubles(
  name: string,
  spared: Spared,
  makeHarness: (token: string) => Promise<BackendHarness>,
): void {
  describe(`${name}: troubles`, () => {
    let harness: BackendHarness;
    let bench: Bench;
    const met = new Set<Trouble>();

    beforeEach(async () => {
      harness = await makeHarness(TOKEN);
      bench = createBench(harness, harness.connect(TOKEN));
      await bench.backend.check(signal());
      harness.server.calls.length = 0;
    });
    afterEach(async () => {
      await bench.backend.close();
      await harness.close();
    });

    for (const trouble of TROUBLES.filter((one) => spared[one] === undefined)) {
      test.for(cases[trouble])(`${trouble}: %s`, async ([, run]) => {
        await run(bench);
        met.add(trouble);
      });
    }

    test("check tells online, unauthorized and offline apart", async () => {
      expect(await bench.backend.check(signal())).toMatchObject({ state: "online" });
      const stranger = harness.connect("wrong");
      const refused = await stranger.check(signal());
      await stranger.close();
      expect(refused.state).toBe("unauthorized");
      expect(refused.detail).toMatch(/token/i);
      expect(refused.detail).not.toContain("wrong");
      await harness.server.close();
      expect(await bench.backend.check(signal())).toMatchObject({ state: "offline" });
    });

    test("nothing that is reported holds the token", async () => {
      const recorded = await bench.open();
      await turn(recorded, harness.words.rich);
      expect(JSON.stringify([recorded.recorder.events, recorded.recorder.exchanges])).not.toContain(TOKEN);
    });

    test("no trouble was left out", () => {
      expect([...met, ...Object.keys(spared)].toSorted()).toEqual([...TROUBLES].toSorted());
    });
  });
}
