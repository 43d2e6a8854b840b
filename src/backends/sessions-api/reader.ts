import { BackendError } from "#src/backends/backend-error.ts";
import type { LinkEvent } from "#src/backends/backend.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { isRefusal, refine } from "./errors.ts";
import { endSilently, mapEnvelope } from "./map.ts";
import { createMemory, type Flavour, openTurn, type SessionMemory, type TurnMemory } from "./memory.ts";
import type { Envelope, WireMessage } from "./wire.ts";

export type ReaderTiming = {
  /** After a hint that a turn is over, how long its end may take to arrive, in ms. */
  settle_ms: number;
  /** How long a turn may be silent before the session's state is asked for, in ms. */
  quiet_ms: number;
};

export type ReaderConfig = {
  session_ref: string;
  flavour: Flavour;
  emit: (event: LinkEvent) => void;
  timing: ReaderTiming;
  /** Whether the upstream says that a turn runs, or waits for a person. */
  isBusy: () => Promise<boolean>;
  /** Opens the stream again, so that nothing that was sent is missing; `opened` is to be called then. */
  reopen: () => void;
};

/**
 * Turns a session's envelopes into link events, and finds the end of a turn that no event told: when the upstream says
 * that nothing runs, and a stream that was opened again brings nothing more.
 */
export type Reader = {
  readonly memory: SessionMemory;
  take(envelope: Envelope): void;
  /** Reports what does not come from an envelope, such as stored history. */
  report(events: readonly DomainEvent[], cursor?: string): void;
  junk(error: string, raw: string): void;
  /** Opens the turn of a prompt, and resolves `sign` when the first of its events comes. */
  beginTurn(prompt: string): { turn: TurnMemory; sign: Promise<void> };
  dropTurn(turn: TurnMemory): void;
  /** The POST of a prompt returned the agent's answer: its turn is over, and this is it if the stream gave nothing. */
  answered(turn: TurnMemory, message: WireMessage): void;
  /** The POST of a prompt failed after all: what was taken for a sign of its turn may have been a late one of another. */
  postFailed(turn: TurnMemory, error: unknown): void;
  /** Something hints that the turn is over. */
  hintEnd(how: "likely" | "sure"): void;
  /** The stream is open, and what was missed is on its way. */
  opened(): void;
  stop(): void;
};

export function createReader({ session_ref, flavour, emit, timing, isBusy, reopen }: ReaderConfig): Reader {
  const memory = createMemory(session_ref, flavour);
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onSign: () => void = () => {};

  function report(events: readonly DomainEvent[], cursor?: string, raw?: unknown): void {
    for (const [index, event] of events.entries()) {
      emit({ event, cursor, ...(index === 0 && raw !== undefined && { raw }) });
    }
  }

  function wind(): void {
    clearTimeout(timer);
    const { turn } = memory;
    if (stopped || !turn) return;
    const hinted = turn.ending !== null || turn.over;
    timer = setTimeout(() => askWhetherOver(turn), hinted ? timing.settle_ms : timing.quiet_ms);
  }

  /** The end itself may be on its way while the state already says so: only the second time counts. */
  function askWhetherOver(turn: TurnMemory): void {
    isBusy().then(
      (busy) => {
        if (stopped || memory.turn !== turn) return;
        if (!busy && turn.over) return report(endSilently(memory));
        turn.over = !busy;
        if (busy) turn.ending = null;
        if (turn.over && turn.ending !== "sure") reopen();
        else wind();
      },
      // Unknown for now; the stream's own retries tell when the server is lost.
      () => wind(),
    );
  }

  return {
    memory,
    take(envelope) {
      const before = memory.turn;
      report(mapEnvelope(envelope, memory), envelope.id || undefined, envelope);
      if (before !== null && envelope.session_id === session_ref) onSign();
      wind();
    },
    report,
    junk(error, raw) {
      report([{ event_type: "unparsed", data: { error, location: "stream", raw } }]);
    },
    beginTurn(prompt) {
      const turn = openTurn(memory, prompt);
      const sign = new Promise<void>((resolve) => {
        onSign = resolve;
      });
      wind();
      return { turn, sign };
    },
    dropTurn(turn) {
      if (memory.turn === turn) memory.turn = null;
      wind();
    },
    answered(turn, message) {
      if (memory.turn !== turn) return;
      turn.answer = message;
      turn.ending ??= "likely";
      wind();
    },
    postFailed(turn, error) {
      if (memory.turn !== turn) return;
      const refined = refine(error);
      if (isRefusal(error) && refined instanceof BackendError) {
        turn.error ??= { message: refined.message, code: refined.code };
      }
      turn.ending = "likely";
      wind();
    },
    hintEnd(how) {
      if (memory.turn) memory.turn.ending = how;
      wind();
    },
    opened() {
      if (memory.turn?.over) memory.turn.ending = "sure";
      wind();
    },
    stop() {
      stopped = true;
      wind();
    },
  };
}
