import type { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import type { Actor } from "#src/domain/request.ts";
import type { SessionOption } from "#src/domain/agent.ts";
import type { Session } from "#src/domain/session.ts";
import { sessionCan } from "#src/domain/session-can.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import { ApiError } from "../errors.ts";
import { listQueue } from "../store/queue.ts";
import { listPendingRequests } from "../store/requests.ts";
import { getSandboxRow } from "../store/sandboxes.ts";
import {
  deleteSession,
  getSession,
  getSessionRow,
  insertSession,
  listRunningSessionRows,
  listSessions,
  updateSession,
} from "../store/sessions.ts";
import type { OpenRequest } from "./absorb.ts";
import type { SessionDeps } from "./deps.ts";
import { createLiveSession, type LiveSession } from "./live-session.ts";
import { LOCAL_ID } from "../backends/local-id.ts";
import { createQueue } from "./queue.ts";
import { titleOf } from "./summary.ts";

export type NewSession = {
  agent?: string;
  title?: string;
  options?: Record<string, string | boolean>;
  metadata?: Record<string, unknown>;
  directory?: string;
};

export type Sent = { message_id: string; turn_id: string | null; queued: boolean };

/** Sessions as the API offers them: on top of the live ones, their rows, and the queue. */
export type SessionService = ReturnType<typeof createSessionService>;

export function createSessionService(given: Omit<SessionDeps, "onTurnEnd">) {
  const live = new Map<string, LiveSession>();
  const deps: SessionDeps = { ...given, onTurnEnd: (session_id) => queue.drain(session_id) };
  const { db } = deps.store;
  const at = () => new Date(deps.now()).toISOString();

  const queue = createQueue({
    deps,
    begin: async (session_id, prompt) => {
      await (await liveSession(session_id)).prompt(prompt);
    },
    isBusy: (session_id) => Boolean(live.get(session_id)?.turn()),
  });

  /** The session in use, brought to life from its row when it was not. */
  async function liveSession(session_id: string): Promise<LiveSession> {
    const known = live.get(session_id);
    if (known) return known;
    const row = await getSessionRow(db, session_id);
    if (!row) throw notFound();
    const requests = await listPendingRequests(db, { session_id });
    const open: OpenRequest[] = requests.map(({ id, upstream_id, kind, tool_name }) => ({
      id,
      upstream_id,
      kind,
      tool_name,
    }));
    const again = live.get(session_id);
    if (again) return again;
    const turn = row.turn_id
      ? { turn_id: row.turn_id, started_at: Date.parse(row.turn_started_at ?? row.updated_at) }
      : null;
    const record = { id: row.id, sandbox_id: row.sandbox_id, backend_id: row.backend_id, agent: row.agent };
    const made = createLiveSession(record, { turn, requests: open }, deps);
    live.set(session_id, made);
    return made;
  }

  async function read(session_id: string): Promise<Session> {
    const session = await getSession(db, session_id);
    if (!session) throw notFound();
    return session;
  }

  async function append(session: Pick<Session, "id" | "sandbox_id">, event: DomainEvent): Promise<void> {
    await deps.hub.append([{ sandbox_id: session.sandbox_id, session_id: session.id, event }]);
  }

  async function create(sandbox_id: string, wanted: NewSession): Promise<Session> {
    const sandbox = await getSandboxRow(db, sandbox_id);
    if (!sandbox) throw new ApiError(404, "sandbox_not_found", "There is no such sandbox.");
    if (!sandboxCan.startSession({ state: sandbox.state })) {
      throw new ApiError(
        409,
        "sandbox_invalid_state",
        `The sandbox ${sandbox.name} is ${sandbox.state}; a session needs it running.`,
      );
    }
    const id = deps.newId();
    const agent = wanted.agent ?? sandbox.agent_provider;
    const title = wanted.title?.trim() ?? "";
    await insertSession(db, {
      id,
      sandbox_id: sandbox.id,
      backend_id: sandbox.backend_id,
      agent,
      title,
      options: wishedOptions(wanted.options ?? {}),
      metadata: wanted.metadata ?? {},
      directory: wanted.directory ?? null,
      at: at(),
    });
    try {
      await (await liveSession(id)).connect();
    } catch (error) {
      live.delete(id);
      await deleteSession(db, id);
      throw error;
    }
    await deps.hub.append([
      {
        sandbox_id: sandbox.id,
        session_id: id,
        event: { event_type: "session_created", data: { session_id: id, agent, title } },
      },
    ]);
    return read(id);
  }

  async function send(session_id: string, content: ContentBlock[], by: Actor): Promise<Sent> {
    const session = await read(session_id);
    if (!sessionCan.prompt(session)) {
      throw new ApiError(
        409,
        "session_invalid_state",
        session.archived_at
          ? "This session is archived; restore it to go on."
          : `This session is ${session.state}; reopen it to go on.`,
      );
    }
    if (session.title === "") await rename(session, titleOf(content));
    const message_id = deps.newId();
    const prompt = { message_id, content, author: by.name };
    const current = await liveSession(session_id);
    await catchUp(session, current);
    if (current.turn() || (await listQueue(db, session_id)).length > 0) {
      await queue.add(session, prompt);
      queue.drain(session_id);
      return { message_id, turn_id: null, queued: true };
    }
    const { turn_id } = await current.prompt(prompt);
    return { message_id, turn_id, queued: false };
  }

  /** A session that was found upstream tells its past before anything new is said in it. */
  async function catchUp(session: Session, current: LiveSession): Promise<void> {
    if (session.backend_id === LOCAL_ID || current.connected() || current.turn()) return;
    const row = await getSessionRow(db, session.id);
    if (row?.upstream_ref && row.upstream_cursor === null) await current.connect();
  }

  async function rename(session: Session, title: string): Promise<void> {
    await deps.hub.append(
      [
        {
          sandbox_id: session.sandbox_id,
          session_id: session.id,
          event: { event_type: "session_updated", data: { title } },
        },
      ],
      { alongside: (trx) => updateSession(trx, session.id, { title, updated_at: at() }) },
    );
  }

  async function patch(
    session_id: string,
    change: {
      title?: string;
      metadata?: Record<string, unknown>;
      state?: "active" | "completed" | "failed";
      archived?: boolean;
    },
  ): Promise<Session> {
    const session = await read(session_id);
    if (change.archived && !sessionCan.archive(session) && !session.archived_at) {
      throw new ApiError(
        409,
        "session_invalid_state",
        "A turn is running; stop it before archiving the session.",
      );
    }
    if (change.state && change.state !== "active" && sessionCan.end(session)) {
      const current = await liveSession(session_id);
      if (current.turn()) await current.failTurn("The session was ended.", "session_ended", null);
      await current.close("end");
      live.delete(session_id);
    }
    await deps.hub.append(
      [
        {
          sandbox_id: session.sandbox_id,
          session_id,
          event: {
            event_type: "session_updated",
            data: {
              ...(change.title === undefined ? {} : { title: change.title }),
              ...(change.metadata === undefined ? {} : { metadata: change.metadata }),
              ...(change.state === undefined
                ? {}
                : { state: change.state, change: stateSentence(change.state) }),
              ...(change.archived === undefined ? {} : { archived: change.archived }),
            },
          },
        },
      ],
      {
        alongside: (trx) =>
          updateSession(trx, session_id, {
            ...(change.title === undefined ? {} : { title: change.title }),
            ...(change.metadata === undefined ? {} : { metadata: JSON.stringify(change.metadata) }),
            ...(change.state === undefined ? {} : { state: change.state }),
            ...(change.archived === undefined ? {} : { archived_at: change.archived ? at() : null }),
            updated_at: at(),
          }),
      },
    );
    const link = live.get(session_id)?.connected();
    if (change.title !== undefined) await link?.setTitle?.(change.title);
    if (change.metadata !== undefined) await link?.setMetadata?.(change.metadata);
    return read(session_id);
  }

  async function setOption(
    session_id: string,
    id: string,
    value: string | boolean,
  ): Promise<SessionOption[]> {
    const session = await read(session_id);
    const current = await liveSession(session_id);
    const link = await current.connect();
    const options = await link.setOption(id, value);
    const before = session.options.find((option) => option.id === id);
    const after = options.find((option) => option.id === id);
    const name = after?.choices.find((choice) => choice.value === value)?.name ?? String(value);
    await deps.hub.append(
      [
        {
          sandbox_id: session.sandbox_id,
          session_id,
          event: {
            event_type: "session_updated",
            data: {
              options,
              ...(before?.value === value ? {} : { change: `${after?.name ?? id}: ${name}` }),
            },
          },
        },
      ],
      {
        alongside: (trx) =>
          updateSession(trx, session_id, { options: JSON.stringify(options), updated_at: at() }),
      },
    );
    return options;
  }

  return {
    queue,
    liveSession,
    read,
    create,
    send,
    patch,
    setOption,
    append,
    async interrupt(session_id: string, by: Actor): Promise<void> {
      const { backend_id } = await read(session_id);
      const { sessions, notes } = deps.backendOf(backend_id).capabilities;
      if (!sessions.interrupt) {
        const why = notes["sessions.interrupt"] ?? "This backend cannot stop a turn; it ends by itself.";
        throw new ApiError(400, "unsupported", why);
      }
      await (await liveSession(session_id)).interrupt(by);
    },
    /**
     * Follows a remote session from now on, because somebody looks at it: what other clients do there becomes visible.
     * Local sessions have no other clients. A backend that does not answer is the backend list's to tell.
     */
    follow(session: Session): void {
      if (session.backend_id === LOCAL_ID || !sessionCan.end(session) || live.get(session.id)?.connected())
        return;
      liveSession(session.id)
        .then((current) => current.connect())
        .catch((error: unknown) =>
          deps.logger.debug({ session_id: session.id, error }, "a session could not be followed"),
        );
    },
    /** After a start, or when a backend answers again: goes on with its turns that are still open here. */
    async resumeTurns(backend_id: string): Promise<void> {
      const rows = (await listRunningSessionRows(db)).filter(
        (row) => row.backend_id === backend_id && !live.has(row.id),
      );
      await Promise.all(rows.map(async ({ id }) => (await liveSession(id)).resume()));
    },
    /** Ends every open turn of a sandbox as failed and lets go of its agents: it stopped, or its process died. */
    async dropSandbox(
      sandbox_id: string,
      reason: string,
      code: string,
      stderr: string | null,
    ): Promise<void> {
      const rows = await db
        .selectFrom("sessions")
        .select(["id", "turn_id"])
        .where("sandbox_id", "=", sandbox_id)
        .execute();
      await Promise.all(
        rows.map(async ({ id, turn_id }) => {
          if (!turn_id && !live.has(id)) return;
          const current = await liveSession(id);
          await current.failTurn(reason, code, stderr);
          await current.close("detach").catch((error: unknown) => {
            deps.logger.warn({ session_id: id, error }, "an agent did not close");
          });
          live.delete(id);
        }),
      );
    },
    /** What runs or waits in a sandbox: what stopping it would lose. */
    async unfinished(sandbox_id: string): Promise<{
      running_turns: { session_id: string; title: string }[];
      pending_requests: number;
      queued_messages: number;
    }> {
      const { items } = await listSessions(db, { sandbox_id, limit: 1000 });
      const sum = (count: (session: Session) => number) =>
        items.reduce((total, session) => total + count(session), 0);
      return {
        running_turns: items
          .filter(({ turn_started_at }) => turn_started_at !== null)
          .map(({ id, title }) => ({ session_id: id, title })),
        pending_requests: sum(
          ({ pending_permissions, pending_questions }) => pending_permissions + pending_questions,
        ),
        queued_messages: sum(({ queue_length }) => queue_length),
      };
    },
    /** Ends every open turn, with the reason in the log, and lets go of every agent: for a clean shutdown. */
    async shutDown(reason: string, code: string): Promise<void> {
      await Promise.allSettled(
        [...live.values()].map(async (session) => {
          if (session.turn() && session.backend_id === LOCAL_ID) await session.failTurn(reason, code, null);
          await session.close("detach");
        }),
      );
      live.clear();
    },
  };
}

function notFound(): ApiError {
  return new ApiError(404, "session_not_found", "There is no such session.");
}

function stateSentence(state: "active" | "completed" | "failed"): string {
  return state === "active"
    ? "Session reopened"
    : state === "completed"
      ? "Session ended"
      : "Session marked as failed";
}

/** Option values wanted before the agent has said what it offers; its own list replaces them. */
function wishedOptions(values: Record<string, string | boolean>): SessionOption[] {
  return Object.entries(values).map(([id, value]) => ({
    id,
    name: id,
    category: null,
    description: null,
    value,
    type: typeof value === "boolean" ? "boolean" : "select",
    choices: [],
  }));
}
