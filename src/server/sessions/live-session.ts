import { setTimeout as delay } from "node:timers/promises";
import { BackendError } from "#src/backends/backend-error.ts";
import type { LinkClosed, LinkEvent, PermissionAnswer, SessionLink } from "#src/backends/backend.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import type { Actor } from "#src/domain/request.ts";
import { createSerial } from "#src/lib/serial.ts";
import { ApiError } from "../errors.ts";
import type { Db } from "../store/schema.ts";
import { type Absorbed, absorb, beginTurn, type LiveState, type OpenRequest } from "./absorb.ts";
import { commit, type CommitOptions, type Committed } from "./commit.ts";
import type { SessionDeps } from "./deps.ts";
import { openLink, type SessionRecord } from "./open-link.ts";
import { promptFailure } from "./prompt-failure.ts";
import { asResolvedElsewhere, renamed } from "./resolution.ts";
import { createWatchdog } from "./watchdog.ts";

/** How long a turn may take to end after Stop before its agent is cut off, in ms. */
const STOP_PATIENCE_MS = 10_000;

/** How long a stop waits for its prompt to be accepted, in ms: a stop that comes first finds no turn and is lost. */
const PROMPT_HEAD_START_MS = 2_000;

/** A prompt on its way to the agent. */
export type Prompt = { message_id: string; content: ContentBlock[]; author: string | null };

/** How the queue changes when a prompt leaves it: told and stored with its turn's beginning, so that none is lost. */
export type Dequeued = { event: DomainEvent; alongside: (trx: Db) => Promise<void> };

/**
 * One session while it is in use: the link to its agent, the turn that runs, and the requests it waits for. All its
 * changes go through one serial line, so the log's order is the order in which things happened here.
 */
export type LiveSession = {
  readonly id: string;
  readonly backend_id: string;
  turn(): { turn_id: string } | null;
  /** The link as it is, if it is open. */
  connected(): SessionLink | null;
  /** Opens the link now instead of with the first prompt; throws what the agent said. */
  connect(): Promise<SessionLink>;
  /** Goes on following after a restart. A turn that was open upstream ends as failed when its agent is gone. */
  resume(): Promise<void>;
  /** Starts a turn. Resolves when the turn is in the log; how it ends is told by events. */
  prompt(prompt: Prompt, dequeued?: Dequeued): Promise<{ turn_id: string }>;
  interrupt(by: Actor): Promise<void>;
  replyPermission(request_id: string, answer: PermissionAnswer, resolution: DomainEvent): Promise<void>;
  replyQuestion(request_id: string, answers: string[][] | null, resolution: DomainEvent): Promise<void>;
  /** Begins no turn any more: it is about to be closed, and what is queued waits for whoever comes after. */
  retire(): void;
  isRetired(): boolean;
  /** Ends the open turn as failed, if there is one. */
  failTurn(error: string, code: string, stderr: string | null): Promise<void>;
  /** Lets go of the agent; `end` closes the conversation upstream too. */
  close(how: "end" | "detach"): Promise<void>;
};

export function createLiveSession(
  record: SessionRecord,
  initial: { turn: LiveState["turn"]; requests: OpenRequest[] },
  deps: SessionDeps,
): LiveSession {
  const serial = createSerial();
  let state: LiveState = { session_id: record.id, ...initial };
  let link: SessionLink | null = null;
  let opening: Promise<SessionLink> | null = null;
  let stopTimer: ReturnType<typeof setTimeout> | null = null;
  let generation = 0;
  /** Resolves when the last prompt was accepted or never will be. */
  let delivered: Promise<void> = Promise.resolve();
  /** The turn whose prompt no link has yet: the loss of an older link does not concern it. */
  let undelivered: string | null = null;
  let retired = false;

  const source = () => ({ newId: deps.newId, now: deps.now() });

  /** Commits what an event came to and then moves to the state it leads to; a failed commit changes nothing. */
  async function apply(absorbed: Absorbed, { from, alongside }: CommitOptions = {}): Promise<Committed> {
    const committed = await commit(record, absorbed, { from, alongside }, deps);
    state = absorbed.state;
    // A person may take as long as they like; an agent that works and says nothing may not.
    if (state.turn && state.requests.length === 0) watchdog.feed();
    else watchdog.rest();
    if (absorbed.turn === "ended") {
      if (stopTimer) clearTimeout(stopTimer);
      stopTimer = null;
      deps.onTurnEnd(record.id);
    }
    return committed;
  }

  const report = (what: string) => (error: unknown) => {
    deps.logger.error({ session_id: record.id, error }, what);
  };

  const watchdog = createWatchdog(deps.silenceMs, () => {
    const minutes = Math.round(deps.silenceMs / 60_000);
    const reason = `The agent said nothing for ${minutes} minutes and was ended. Send the prompt again to go on.`;
    fail(reason, "agent_silent", null).then(dropLink).catch(report("a silent turn could not be ended"));
  });

  const coalescer = deps.coalesce((event: LinkEvent) => {
    serial(() => apply(absorb(state, event.event, { ...source(), past: event.past }), { from: event })).catch(
      report("an event could not be stored"),
    );
  });

  /** Ends the turn that is open then, if it is one of those that the reason is about. */
  function fail(
    error: string,
    code: string,
    stderr: string | null,
    isAbout: (turn_id: string) => boolean = () => true,
  ): Promise<unknown> {
    coalescer.flush();
    return serial(async () => {
      if (!state.turn || !isAbout(state.turn.turn_id)) return;
      await apply(
        absorb(
          state,
          {
            event_type: "session_failed",
            data: { session_id: record.id, turn_id: null, error, code, stderr, duration_ms: null },
          },
          source(),
        ),
      );
    });
  }

  function closed(of: number, reason: LinkClosed): void {
    if (of !== generation) return;
    link = null;
    opening = null;
    // Whoever says that the agent is gone may have come back just now.
    deps.lookAt?.(record.backend_id);
    const unsent = undelivered;
    fail(reason.reason, "agent_gone", reason.stderr, (turn_id) => turn_id !== unsent).catch(
      report("a lost agent could not be recorded"),
    );
  }

  function connect(): Promise<SessionLink> {
    if (link) return Promise.resolve(link);
    if (opening) return opening;
    generation += 1;
    const own = generation;
    opening = openLink(record, deps, {
      emit: (event) => {
        if (own === generation) coalescer.push(event);
      },
      onClosed: (reason) => closed(own, reason),
      onTrouble: () => deps.lookAt?.(record.backend_id),
    })
      .then((opened) => {
        link = opened;
        return opened;
      })
      .finally(() => {
        opening = null;
      });
    return opening;
  }

  /** Ends the agent. The conversation is kept upstream, so the next prompt opens it again. */
  async function dropLink(): Promise<void> {
    const stuck = link;
    generation += 1;
    link = null;
    opening = null;
    await stuck?.close("end").catch(report("a stuck agent could not be closed"));
  }

  async function cutOff(): Promise<void> {
    await dropLink();
    coalescer.flush();
    await serial(async () => {
      if (!state.turn) return;
      const data = {
        session_id: record.id,
        turn_id: null,
        stop_reason: "cancelled",
        duration_ms: null,
        cost_usd: null,
      };
      await apply(absorb(state, { event_type: "session_completed", data }, source()));
    });
  }

  async function answer(
    request_id: string,
    send: (link: SessionLink, upstream_id: string) => Promise<void>,
    resolution: DomainEvent,
  ): Promise<void> {
    coalescer.flush();
    await serial(async () => {
      const request = state.requests.find((open) => open.id === request_id);
      if (!request) throw new ApiError(409, "already_resolved", "This request is no longer open.");
      const current = await connect();
      try {
        await send(current, request.upstream_id);
      } catch (error) {
        if (!(error instanceof BackendError) || error.code !== "already_resolved") throw error;
        await apply(absorb(state, renamed(asResolvedElsewhere(resolution), request.upstream_id), source()));
        throw new ApiError(409, "already_resolved", "This request was answered elsewhere.", undefined);
      }
      await apply(absorb(state, renamed(resolution, request.upstream_id), source()));
    });
  }

  return {
    id: record.id,
    backend_id: record.backend_id,
    turn: () => state.turn,
    connected: () => link,
    connect,
    async resume() {
      try {
        const opened = await connect();
        if (opened.continued === false)
          await fail("The agent was gone when Sandbar came back.", "agent_gone", null);
      } catch (error) {
        if (!(error instanceof BackendError)) throw error;
        await fail(`The turn could not be followed any more: ${error.message}`, error.code, null);
      }
    },
    async prompt({ message_id, content, author }, dequeued) {
      const turn_id = deps.newId();
      await serial(async () => {
        if (retired) throw new ApiError(409, "session_invalid_state", "The session is being closed.");
        if (state.turn)
          throw new ApiError(409, "session_invalid_state", "A turn is running; the prompt can be queued.");
        const begun = beginTurn(state, { message_id, content, author }, turn_id, source());
        const events = dequeued ? [dequeued.event, ...begun.events] : begun.events;
        undelivered = turn_id;
        await apply({ ...begun, events }, { alongside: dequeued?.alongside });
      });
      delivered = connect()
        .then((opened) => {
          undelivered = null;
          return opened.prompt(content);
        })
        .catch(async (error: unknown) => {
          if (!(error instanceof BackendError)) report("a prompt could not be sent")(error);
          const { message, code, stderr } = promptFailure(error);
          // The turn may be over all the same, and the next one open.
          await fail(message, code, stderr, (open) => open === turn_id);
        })
        .catch(report("a failed prompt could not be recorded"));
      return { turn_id };
    },
    async interrupt(by) {
      const turn = state.turn;
      if (!turn) throw new ApiError(409, "session_invalid_state", "No turn is running.");
      await serial(() =>
        apply(absorb(state, { event_type: "stop_requested", data: { turn_id: turn.turn_id, by } }, source())),
      );
      stopTimer ??= setTimeout(() => {
        stopTimer = null;
        if (state.turn?.turn_id === turn.turn_id) cutOff().catch(report("a stuck turn could not be ended"));
      }, deps.stopPatienceMs ?? STOP_PATIENCE_MS);
      const stop = async (): Promise<void> => {
        if (state.turn?.turn_id !== turn.turn_id) return;
        const current = await connect();
        await current.interrupt().catch(report("the agent did not take the interruption"));
      };
      const headStart = deps.promptHeadStartMs ?? PROMPT_HEAD_START_MS;
      const late = delay(headStart, true, { ref: false });
      const isAhead = await Promise.race([delivered.then(() => false), late]);
      await stop();
      // It came before its prompt, so it is said again once that has arrived.
      if (isAhead) delivered.then(stop).catch(report("a late prompt could not be stopped"));
    },
    replyPermission: (request_id, permission, resolution) =>
      answer(
        request_id,
        (current, upstream_id) => current.replyPermission(upstream_id, permission),
        resolution,
      ),
    replyQuestion: (request_id, answers, resolution) =>
      answer(request_id, (current, upstream_id) => current.replyQuestion(upstream_id, answers), resolution),
    retire() {
      retired = true;
    },
    isRetired: () => retired,
    async failTurn(error, code, stderr) {
      await fail(error, code, stderr);
    },
    async close(how) {
      generation += 1;
      if (stopTimer) clearTimeout(stopTimer);
      watchdog.rest();
      const current = link ?? (opening ? await opening.catch(() => null) : null);
      link = null;
      opening = null;
      coalescer.flush();
      await current?.close(how);
      await serial(async () => {});
    },
  };
}
