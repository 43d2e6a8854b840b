import { expect, vi } from "vitest";
import type { Backend, Exchange, OpenSession } from "#src/backends/backend.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import { type FakeCall, type FakeServer, type Match, matches } from "./fake-server.ts";
import { type LinkRecorder, openRecorded, type Recorded } from "./link-recorder.ts";

/** An adapter whose sessions a test can speak to. */
export type ContractHarness = {
  backend: Backend;
  sandbox_ref: string;
  agent: string;
  words: Words;
  /** Whether a call that Sandbar made carries the answer to a request. */
  isReply(exchange: Exchange): boolean;
  close(): Promise<void>;
};

/** Prompts that make the agent do a thing. Requests are named only where the capabilities have them. */
export type Words = {
  /** Answers with exactly this text. */
  echo: (text: string) => string;
  /** Asks for at least one permission, and goes on or stops when all are answered. */
  permission?: string;
  /** Asks at least one question that can be answered with "Red". */
  question?: string;
  /** Shows everything that needs no answer. */
  rich: string;
  /** Does not end by itself. */
  endless: string;
};

/** The troubles that every adapter survives, or says why it cannot meet. */
export const TROUBLES = [
  "a 30 s stall",
  "a cut mid-frame",
  "doubled frames",
  "reordered frames",
  "401 in mid-life",
  "5xx",
  "429 with Retry-After",
  "an HTML error page",
  "50 MB of junk",
  "a restart with its memory gone",
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** An adapter with a fake of its upstream that can be told to misbehave, started anew for every test. */
export type BackendHarness = Omit<ContractHarness, "backend"> & {
  server: FakeServer;
  /**
   * An adapter of the upstream with this token. Its limits are short, so that tests need not wait; `patient`: so long
   * that only what was sent decides.
   */
  connect(token: string | null, patient?: boolean): Backend;
  /**
   * How the agent's words come. `stream`: by one stream for each session, which is opened again where it broke, so
   * nothing is lost. `streamed_answer`: in the answer to each prompt, as a stream that cannot be taken up again; when it
   * is lost, the transcript tells the rest. `answer`: the same, all at once.
   */
  transport: "stream" | "streamed_answer" | "answer";
  /** For answers: a prompt that is answered with this text, no sooner than `release` is called. */
  held?: { word: (text: string) => string; release: () => void };
  /** The calls that matter. */
  calls: {
    /** By which the agent's words come. */
    words: Match;
    /** That send a prompt. */
    prompt: Match;
    /** By which what a broken connection did not bring is fetched. */
    recovery: Match;
    /** That list sessions. */
    sessions: Match;
  };
  /** The upstream restarts and remembers nothing. */
  forget(): void;
};

/** Troubles that cannot come over a transport, and why. */
export type Spared = Partial<Record<Trouble, string>>;

/** The token that a harness's upstream knows. */
export const TOKEN = "tok-secret-1";

export const say = (text: string): ContentBlock[] => [{ type: "text", text }];

export const signal = (): AbortSignal => AbortSignal.timeout(5_000);

export const ended =
  (count: number) =>
  (recorder: LinkRecorder): boolean =>
    recorder.terminals().length >= count;

type Place = Pick<ContractHarness, "backend" | "sandbox_ref" | "agent">;

export function openIn(
  { backend, sandbox_ref, agent }: Place,
  request: Partial<OpenSession> = {},
): Promise<Recorded> {
  return openRecorded(backend, { sandbox_ref, agent, ...request });
}

/** Sends one prompt and waits for the end of its turn. */
export async function turn({ link, recorder }: Recorded, prompt: string): Promise<void> {
  const before = recorder.terminals().length;
  await link.prompt(say(prompt));
  await recorder.until(ended(before + 1));
}

/** Opens a session and takes one turn in it. */
export async function turnIn(place: Place, prompt: string): Promise<Recorded> {
  const recorded = await openIn(place);
  await turn(recorded, prompt);
  return recorded;
}

/** Why a prompt came to nothing: it was refused at once, its turn failed, or its link was closed, which ends the turn. */
export async function refusal({ link, recorder }: Recorded, prompt: string): Promise<unknown> {
  const before = recorder.terminals().length;
  try {
    await link.prompt(say(prompt));
  } catch (error) {
    return error;
  }
  await recorder.until((now) => ended(before + 1)(now) || now.closed() !== null);
  if (recorder.terminals().length === before) return recorder.closed();
  expect(recorder.terminals()).toHaveLength(before + 1);
  const { error, code } = recorder.of("session_failed").at(-1) ?? {};
  return { code, message: error };
}

/** Answers every request as it comes until the turn ends; returns their ids. */
export async function answerAll({ link, recorder }: Recorded): Promise<string[]> {
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

export function requestIds(recorder: LinkRecorder): string[] {
  return [...recorder.of("permission_request"), ...recorder.of("user_input_request")].map(
    ({ request_id }) => request_id,
  );
}

/** Everything the agent said, deltas and final texts. */
export function textOf(recorder: LinkRecorder): string {
  const blocks = new Map<string, string>();
  for (const { event } of recorder.events) {
    if (event.event_type !== "text_delta" && event.event_type !== "text_complete") continue;
    const { text, block_id = "" } = event.data;
    const before = event.event_type === "text_delta" ? (blocks.get(block_id) ?? "") : "";
    blocks.set(block_id, before + text);
  }
  return [...blocks.values()].join("\n");
}

/** One harness and its adapter, in the middle of a trouble. */
export type Bench = Place & {
  harness: BackendHarness;
  callsOf(match: Match): FakeCall[];
  /** Opens a session; where its words come by a stream, that is open then. */
  open(request?: Partial<OpenSession>): Promise<Recorded>;
  /** What a turn told that does not differ between two sessions: all of it, or where words may be lost, the answer. */
  told(recorder: LinkRecorder): unknown;
  /** Sends a prompt whose answer is still to come, and returns what lets it come. */
  begin(recorded: Recorded, text: string): Promise<() => void>;
  /** Takes a turn that answers with `text`, with the connection cut that was to bring it, right after `setback`. */
  turnThroughCut(recorded: Recorded, text: string, setback: () => void): Promise<void>;
};

export function createBench(harness: BackendHarness, backend: Backend): Bench {
  const { server, calls, transport, held } = harness;
  const place: Place = { backend, sandbox_ref: harness.sandbox_ref, agent: harness.agent };
  const callsOf = (match: Match) => server.calls.filter((call) => matches(match, call));

  async function begin({ link }: Recorded, text: string): Promise<() => void> {
    if (!held) {
      await link.prompt(say(harness.words.echo(text)));
      return () => {};
    }
    const sent = callsOf(calls.words).length;
    await link.prompt(say(held.word(text)));
    await vi.waitFor(() => expect(callsOf(calls.words).length).toBeGreaterThan(sent));
    return held.release;
  }

  return {
    ...place,
    harness,
    callsOf,
    async open(request) {
      const streams = server.openStreams();
      const recorded = await openIn(place, request);
      if (transport === "stream") await vi.waitFor(() => expect(server.openStreams()).toBe(streams + 1));
      return recorded;
    },
    told: (recorder) =>
      transport === "stream"
        ? recorder.events
            .filter(({ event }) => event.event_type !== "session_updated")
            .map(({ event }) => event)
        : [textOf(recorder), recorder.terminals().map(({ event_type }) => event_type)],
    begin,
    async turnThroughCut(recorded, text, setback) {
      const before = recorded.recorder.terminals().length;
      const cut = (): void => {
        setback();
        server.cut();
      };
      if (transport === "stream") cut();
      const release = await begin(recorded, text);
      if (transport !== "stream") cut();
      release();
      await recorded.recorder.until(ended(before + 1));
    },
  };
}
