import { BackendError } from "#src/backends/backend-error.ts";
import type { LinkEvent, OpenSession } from "#src/backends/backend.ts";
import type { Http } from "#src/backends/shared/http.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { abandonedCursor, cursorAt } from "./cursor.ts";
import { isForgotten, isGone, outcomeError, refine, restarted } from "./errors.ts";
import type { Frame } from "./frames.ts";
import { failureOf, mapPromptResponse, turnFailed, unparsed } from "./map.ts";
import { createReader, type MessageReader } from "./reader.ts";
import { createRequests, type Requests } from "./requests.ts";
import { createRpc, type Rpc, type RpcOutcome, type RpcTiming } from "./rpc.ts";
import type { RpcMessage } from "./wire.ts";

export type InstanceConfig = {
  http: Http;
  server_id: string;
  request: OpenSession;
  directory: string;
  /** The last message that an earlier link of this instance made an event of; null for a new instance. */
  since: number | null;
  random: () => number;
  timing: RpcTiming;
  /** Called once, when nothing more will come of it. */
  onEnd: (instance: Instance) => void;
};

/** One agent process with the one session in it: what it says becomes events, and its end is seen. */
export type Instance = {
  readonly server_id: string;
  readonly rpc: Rpc;
  readonly reader: MessageReader;
  readonly requests: Requests;
  emit(events: readonly DomainEvent[], message: RpcMessage | null, frame: Frame | null): void;
  /** Keeps what is emitted from now on as history, until it is known to be whole. */
  hold(): void;
  /** Tells what was kept, or drops it: half a history would count as told, and its rest never come. */
  release(how: "tell" | "drop"): void;
  /** Emits with the cursor of the newest message read. */
  emitNow(event: DomainEvent): void;
  /** A request whose result is wanted. `settled` runs in the order of the stream, before any later message. */
  ask(method: string, params: unknown, settled?: (outcome: RpcOutcome) => void): Promise<unknown>;
  /** Begins a turn: its end comes as an event. @throws BackendError `invalid_state` while one runs or when closed */
  startTurn(params: unknown): void;
  /** Which turn runs, by number; null while none does. */
  turnNumber(): number | null;
  /** From now on the end of the process is the end of a link that someone holds, and is told to them. */
  opened(): void;
  /** @throws BackendError `invalid_state` once closed */
  assertOpen(): void;
  /** Says nothing more. False when it was closed already. */
  close(): boolean;
};

export function createInstance(config: InstanceConfig): Instance {
  const { server_id, request, since } = config;
  /** A prompt of ours is open. A turn that an earlier link began is not counted: only its end is seen. */
  let turn = false;
  let turns = 0;
  let held = false;
  let closed = false;
  let history: LinkEvent[] | null = null;
  let position = since ?? 0;
  /** The last lines of the agent's stderr in this turn, which only its errors bring. */
  let stderr: string | null = null;

  const rpc = createRpc({
    ...config,
    onMessage: handle,
    onJunk: (error, raw) => emit([unparsed(error, "event stream", raw)], null, null),
    onGap: (missed) => emit([messagesLost(missed)], null, null),
    onDead: (error) => {
      const recoverable = error.code !== "unauthorized";
      const cursor = abandonedCursor(server_id);
      const gone = isForgotten(error) || (recoverable && isGone(error));
      if (gone) die(restarted(error), "agent_gone", { cursor, recoverable });
      else die(error, error.code, { cursor, recoverable });
    },
    onBroken: request.onTrouble,
    onExchange: request.onExchange,
  });
  const requests = createRequests(server_id, (id, result) => rpc.respond(id, { result }));
  const reader = createReader({ title: request.title, directory: config.directory, requests });

  /** Old messages of an instance that is followed again only rebuild what is known. */
  const isOld = (frame: Frame | null): boolean => frame !== null && since !== null && frame.id <= since;

  function emit(events: readonly DomainEvent[], message: RpcMessage | null, frame: Frame | null): void {
    if (closed || isOld(frame)) return;
    for (const [index, event] of events.entries()) {
      // The payload goes with the first event of a message, the cursor with the last: a crash between repeats it all.
      const raw = index === 0 && message !== null ? { raw: message } : {};
      const cursor = index === events.length - 1 && frame ? { cursor: cursorAt(server_id, frame.id) } : {};
      if (history) history.push({ event, past: true, ...raw, ...cursor });
      else request.emit({ event, ...raw, ...cursor });
    }
  }

  function release(how: "tell" | "drop"): void {
    const kept = history ?? [];
    history = null;
    if (how === "tell") kept.forEach(request.emit);
  }

  function handle(message: RpcMessage, frame: Frame): void {
    if (closed) return;
    position = Math.max(position, frame.id);
    const reading = reader.read(message);
    // What the session offers comes at any time, and says nothing of a turn.
    if (reading.events.some(({ event_type }) => event_type !== "session_updated")) rpc.alive();
    emit(reading.events, message, frame);
    if (reading.answer && !isOld(frame)) {
      rpc.respond(reading.answer.id, reading.answer.body).catch((error: BackendError) => {
        emit(
          [
            {
              event_type: "error",
              data: { code: error.code, message: `The agent's request got no answer: ${error.message}` },
            },
          ],
          null,
          null,
        );
      });
    }
    if (reading.exited) onExited(reading.exited.code);
  }

  function onExited(code: number | null): void {
    const suffix = code === null ? "" : ` with exit code ${code}`;
    die(new BackendError("agent_failed", `The agent's process ended${suffix}.`), "agent_exited", {
      recoverable: true,
    });
    void rpc.remove();
  }

  /** The end that nobody asked for: the open turn fails, whoever waits is told, and nothing later is ours. */
  function die(
    error: BackendError,
    code: string,
    { recoverable, cursor }: { recoverable: boolean; cursor?: string },
  ): void {
    if (closed) return;
    if (turn) {
      turn = false;
      request.emit({ event: turnFailed({ error: error.message, code, stderr }), cursor });
    }
    closed = true;
    rpc.failAll(error);
    end();
    if (held) request.onClosed({ reason: error.message, stderr, recoverable });
  }

  function onTurnSettled(outcome: RpcOutcome): void {
    if (closed || !turn) return;
    turn = false;
    requests.clear();
    if (outcome.kind === "failed") {
      const { message, code } = refine(outcome.error);
      emit([turnFailed({ error: message, code, stderr })], null, null);
      return;
    }
    if (outcome.kind === "error") stderr = failureOf(outcome.error).stderr ?? stderr;
    emit(mapPromptResponse(outcome.message), outcome.message, outcome.frame);
  }

  function close(): boolean {
    if (closed) return false;
    closed = true;
    end();
    return true;
  }

  function end(): void {
    rpc.stop();
    config.onEnd(instance);
  }

  function assertOpen(): void {
    if (closed)
      throw new BackendError("invalid_state", "The link to this session is closed. Open the session again.");
  }

  const instance: Instance = {
    server_id,
    rpc,
    reader,
    requests,
    emit,
    hold() {
      history = [];
    },
    release,
    emitNow: (event) => request.emit({ event, cursor: cursorAt(server_id, position) }),
    ask: (method, params, settled) =>
      new Promise((resolve, reject) => {
        assertOpen();
        rpc.send(method, params, (outcome) => {
          settled?.(outcome);
          if (outcome.kind === "result") resolve(outcome.result);
          else reject(outcomeError(outcome));
        });
      }),
    startTurn(params) {
      assertOpen();
      if (turn) throw new BackendError("invalid_state", "A turn is running. Wait for its end or stop it.");
      turn = true;
      turns += 1;
      stderr = null;
      rpc.send("session/prompt", params, onTurnSettled, { patient: true });
    },
    turnNumber: () => (turn ? turns : null),
    opened: () => {
      held = true;
    },
    assertOpen,
    close,
  };
  return instance;
}

function messagesLost(missed: number): DomainEvent {
  const message = `The server dropped ${missed} messages that were not read in time. The transcript has a hole here.`;
  return { event_type: "error", data: { code: "messages_lost", message } };
}
