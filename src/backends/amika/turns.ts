import { BackendError } from "#src/backends/backend-error.ts";
import type { OpenSession } from "#src/backends/backend.ts";
import { withPatience } from "#src/backends/shared/follow.ts";
import { isTransient, retryDelay, wait } from "#src/backends/shared/retry.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { backoffDelay } from "#src/lib/backoff.ts";
import type { Api } from "./api.ts";
import { type Cursor, formatCursor } from "./cursor.ts";
import { failureOf, failureOfText, fateOf, hasCode, type TurnFailure } from "./errors.ts";
import { answerEvents, blockAt, failedEvent, findAnswer, historyEvents, isSame } from "./map-turn.ts";
import type { Message } from "./map-session.ts";
import { type Prompt, sendPrompt } from "./send.ts";
import { readSession, type Seen, type SessionAddress } from "./transcript.ts";
import type { Answer } from "./wire.ts";

/** A turn that this link runs or looks for. */
type Turn = {
  since: number;
  /** Messages of the transcript before its prompt. */
  baseline: number;
  /** Null: not sent by this link. */
  prompt: string | null;
  /** The session's status before it. */
  status: string | null;
  streamed: string;
};

/** The turns of one session, and how much of its transcript was told. */
export type Turns = {
  /** Sends a prompt; resolves when it is on its way. */
  begin(prompt: Prompt): Promise<void>;
  /** Looks for the end of a turn that an earlier link began. */
  recover(cursor: Cursor): void;
  /** Tells what the transcript has beyond what was told; an unanswered prompt at its end is waited for. */
  catchUp(seen: Seen): void;
  /** Runs a task once no turn runs: now, or when the one that does is over; then its failure is told as an event. */
  whenIdle(task: () => Promise<void>): Promise<void>;
};

const LOST =
  "The connection broke while the agent worked, and Amika does not tell what became of the prompt. The agent may still be at work: look into the sandbox before sending the prompt again.";
const UNANSWERED = "The transcript has no answer to this prompt.";
/** Session states in which no answer comes any more. */
const OVER: readonly string[] = ["completed", "failed", "ended"];

export function createTurns(
  api: Api,
  address: SessionAddress,
  { agent, emit, onClosed }: Pick<OpenSession, "agent" | "emit" | "onClosed">,
  start: { told: number },
): Turns {
  const { timing, now, random } = api;
  const { signal } = address;
  let told = start.told;
  let turn: Turn | null = null;
  let preparing = false;
  let postponed: (() => Promise<void>)[] = [];
  /** Own prompts that may yet turn up in the transcript: the log has them. Null: one of an earlier link. */
  const ownPrompts: (string | null)[] = [];

  function cursor(): string {
    const open = turn && { since: new Date(turn.since).toISOString(), status: turn.status };
    return formatCursor({ told: turn ? turn.baseline : told, turn: open });
  }

  /** Ends a turn with its last events; `end` is the place in the transcript after it. */
  function conclude(open: Turn, events: readonly DomainEvent[], end: number, raw?: unknown): void {
    if (signal.aborted || turn !== open) return;
    for (const [index, event] of events.entries()) {
      if (index === events.length - 1) {
        turn = null;
        told = end;
      }
      emit({ event, cursor: cursor(), ...(index === 0 && raw !== undefined && { raw }) });
    }
    const tasks = postponed;
    postponed = [];
    for (const task of tasks) task().catch(report);
  }

  function succeed(open: Turn, answer: Answer, end: number, raw: unknown): void {
    const { baseline, streamed } = open;
    conclude(open, answerEvents(answer, { index: baseline + 1, streamed, agent }), end, raw);
  }

  function fail(open: Turn, failure: TurnFailure): void {
    if (turn === open) ownPrompts.push(open.prompt);
    conclude(open, [failedEvent(failure)], open.baseline);
  }

  function lose({ message }: BackendError): void {
    onClosed({ reason: message, stderr: null, recoverable: false });
  }

  function report(error: unknown): void {
    if (signal.aborted) return;
    const { error: message, code } = failureOf(error, agent);
    emit({ event: { event_type: "error", data: { code, message } } });
  }

  /** Carries one prompt to its end. */
  async function carry(open: Turn, prompt: Prompt): Promise<void> {
    const block_id = blockAt(open.baseline + 1);
    try {
      const sent = await sendPrompt(api, address, prompt, {
        onText(text, raw) {
          open.streamed += text;
          emit({ event: { event_type: "text_delta", data: { text, block_id } }, raw });
        },
        onStatus: (line) => emit({ event: { event_type: "log_line", data: { line, stream: "status" } } }),
        onJunk: (error, raw) =>
          emit({ event: { event_type: "unparsed", data: { error, location: "stream", raw } } }),
      });
      if (sent.kind === "answer") succeed(open, sent.answer, open.baseline + 2, sent.raw);
      else fail(open, failureOfText(sent.error, agent));
    } catch (error) {
      if (signal.aborted) return;
      const fate = fateOf(error);
      if (fate === "refused") fail(open, failureOf(error, agent));
      else if (fate === "lost") await seek(open, open.since + timing.lost_ms, LOST);
      else await seek(open, now() + timing.answered_ms, failureOf(error, agent).error);
    }
  }

  /** Asks for what became of a turn until it is known, or until `deadline`, and then says why it is not. */
  async function seek(open: Turn, deadline: number, unknown: string): Promise<void> {
    let attempt = 0;
    // Other turns lost their connections at the same moment, and are to ask neither together now nor later.
    await wait(backoffDelay(0, timing.backoff, random), signal);
    for (;;) {
      if (turn !== open) return;
      let pause = backoffDelay(0, { base_ms: timing.ask_ms, max_ms: timing.ask_ms }, random);
      try {
        if (settle(open, await readSession(api, address))) return;
        attempt = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (hasCode(error, "not_found")) return lose(error);
        if (!isTransient(error)) return fail(open, failureOf(error, agent));
        pause = Math.max(pause, retryDelay(error, attempt, random, timing.backoff));
        attempt += 1;
      }
      if (now() >= deadline) return fail(open, { error: unknown, code: "turn_lost" });
      await wait(pause, signal);
    }
  }

  /** Whether the session tells how the turn ended. */
  function settle(open: Turn, { session, messages }: Seen): boolean {
    const found = findAnswer(messages ?? [], open);
    if (found) {
      succeed(open, found.answer, found.end, found.raw);
      return true;
    }
    const { status } = session;
    if (status === open.status || !OVER.includes(status)) return false;
    const error = `Amika marked the session as ${status} before an answer came.`;
    fail(open, { error, code: "session_ended" });
    return true;
  }

  /** Whether a message is one of `ownPrompts`, which then is accounted for. */
  function takeOwn({ role, text }: Message): boolean {
    if (role !== "user") return false;
    const place = ownPrompts.findIndex((prompt) => prompt === null || isSame(text, prompt));
    if (place >= 0) ownPrompts.splice(place, 1);
    return place >= 0;
  }

  /** Tells messages that were not; without `ends`, those of turns that no turn here stands for. */
  function tell({ messages }: Seen, ends: boolean): void {
    const unseen = (messages ?? []).slice(told);
    for (const [place, { events, raw }] of historyEvents(unseen, { first: told, agent, ends }).entries()) {
      told += 1;
      const message = unseen[place];
      if (message && takeOwn(message)) continue;
      for (const [index, event] of events.entries()) {
        emit({ event, cursor: cursor(), ...(index === 0 && { raw }) });
      }
    }
  }

  /** Takes a turn as the one that runs, and stores so at once: a restart will know that there is one to ask for. */
  function enter(open: Turn): void {
    turn = open;
    emit({ event: { event_type: "session_updated", data: {} }, cursor: cursor() });
  }

  /** Follows a turn in the background; only the link's own end, or a fault, gets out of the work itself. */
  function follow(open: Turn, work: () => Promise<void>): void {
    work().catch((error: unknown) => fail(open, failureOf(error, agent)));
  }

  return {
    async begin(prompt) {
      if (preparing || turn?.prompt)
        throw new BackendError("invalid_state", "A turn runs; wait for its end.");
      preparing = true;
      try {
        const seen = await withPatience(() => readSession(api, address), { random, signal });
        // Whoever sends a prompt has given up the turn that was looked for.
        if (turn) ownPrompts.push(turn.prompt);
        turn = null;
        tell(seen, false);
        const baseline = seen.messages?.length ?? told;
        const { status } = seen.session;
        const open: Turn = { since: now(), baseline, prompt: prompt.text, status, streamed: "" };
        enter(open);
        follow(open, () => carry(open, prompt));
      } catch (error) {
        if (hasCode(error, "not_found")) lose(error);
        throw error;
      } finally {
        preparing = false;
      }
    },
    recover({ told: baseline, turn: before }) {
      const since = Date.parse(before?.since ?? "") || now();
      const open: Turn = { since, baseline, prompt: null, status: before?.status ?? null, streamed: "" };
      turn = open;
      follow(open, () => seek(open, since + timing.lost_ms, LOST));
    },
    catchUp(seen) {
      const before = told;
      tell(seen, true);
      const last = seen.messages?.at(-1);
      if (told === before || last?.role !== "user") return;
      const since = Date.parse(last.timestamp ?? "") || now();
      const { status } = seen.session;
      const open: Turn = { since, baseline: told - 1, prompt: null, status, streamed: "" };
      enter(open);
      follow(open, () => seek(open, since + timing.lost_ms, UNANSWERED));
    },
    async whenIdle(task) {
      if (turn) postponed.push(task);
      else await task();
    },
  };
}
