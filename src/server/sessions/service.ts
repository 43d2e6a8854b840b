import type { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import type { Actor } from "#src/domain/request.ts";
import type { SessionOption } from "#src/domain/agent.ts";
import type { Session } from "#src/domain/session.ts";
import { sessionCan } from "#src/domain/session-can.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import { ApiError } from "../errors.ts";
import { listQueue } from "../store/queue.ts";
import { getSandboxRow } from "../store/sandboxes.ts";
import { deleteSession, getSession, getSessionRow, insertSession, updateSession } from "../store/sessions.ts";
import type { SessionDeps } from "./deps.ts";
import { createSessionChanges } from "./changes.ts";
import { createSessionLife } from "./life.ts";
import type { LiveSession } from "./live-session.ts";
import { createLiveSessions, noSession } from "./live-sessions.ts";
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
  const deps: SessionDeps = { ...given, onTurnEnd: (session_id) => queue.drain(session_id) };
  const live = createLiveSessions(deps);
  /** The sandboxes of the sessions that are being made, by session. */
  const opening = new Map<string, string>();
  const { db } = deps.store;
  const at = () => new Date(deps.now()).toISOString();

  const queue = createQueue({
    deps,
    begin: async (session_id, prompt, dequeued) => {
      await (await live.get(session_id)).prompt(prompt, dequeued).catch(unlessBusy);
    },
    isBusy: (session_id) => {
      const known = live.known(session_id);
      return known !== undefined && (known.turn() !== null || known.isRetired());
    },
  });

  async function read(session_id: string): Promise<Session> {
    const session = await getSession(db, session_id);
    if (!session) throw noSession();
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
    opening.set(id, sandbox.id);
    try {
      await (await live.get(id)).connect();
    } catch (error) {
      live.forget(id);
      await deleteSession(db, id);
      throw error;
    } finally {
      opening.delete(id);
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
    const current = await live.get(session_id);
    await catchUp(session, current);
    if (!current.turn() && (await listQueue(db, session_id)).length === 0) {
      const begun = await current.prompt(prompt).catch(unlessBusy);
      if (begun) return { message_id, turn_id: begun.turn_id, queued: false };
    }
    await queue.add(session, prompt);
    queue.drain(session_id);
    return { message_id, turn_id: null, queued: true };
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

  return {
    ...createSessionChanges({ deps, live, read }),
    ...createSessionLife(deps, live),
    queue,
    liveSession: live.get,
    read,
    create,
    isOpening: (sandbox_id: string): boolean => [...opening.values()].includes(sandbox_id),
    send,
    append,
    async interrupt(session_id: string, by: Actor): Promise<void> {
      const { backend_id } = await read(session_id);
      const { sessions, notes } = deps.backendOf(backend_id).capabilities;
      if (!sessions.interrupt) {
        const why = notes["sessions.interrupt"] ?? "This backend cannot stop a turn; it ends by itself.";
        throw new ApiError(400, "unsupported", why);
      }
      await (await live.get(session_id)).interrupt(by);
    },
  };
}

/** Another prompt may have begun a turn in the same moment, or the session be about to close: then this one waits. */
function unlessBusy(error: unknown): null {
  if (error instanceof ApiError && error.code === "session_invalid_state") return null;
  throw error;
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
