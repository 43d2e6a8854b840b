import type { SessionOption } from "#src/domain/agent.ts";
import type { Session } from "#src/domain/session.ts";
import { sessionCan } from "#src/domain/session-can.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import { ApiError } from "../errors.ts";
import { updateSession } from "../store/sessions.ts";
import type { SessionDeps } from "./deps.ts";
import type { LiveSessions } from "./live-sessions.ts";

type Wiring = { deps: SessionDeps; live: LiveSessions; read: (session_id: string) => Promise<Session> };

export type SessionChange = {
  title?: string | undefined;
  metadata?: Record<string, unknown> | undefined;
  state?: "active" | "completed" | "failed" | undefined;
  archived?: boolean | undefined;
};

/** What a person changes in a session: its name, its notes, its options, whether it is over or put away. */
export function createSessionChanges({ deps, live, read }: Wiring) {
  const at = () => new Date(deps.now()).toISOString();

  /** Ends what runs and closes the conversation, and then stores that it is over; no turn begins in between. */
  async function whileEnding(session_id: string, tell: () => Promise<void>): Promise<void> {
    const current = await live.get(session_id);
    current.retire();
    try {
      await current.failTurn("The session was ended.", "session_ended", null);
      await current.close("end");
      await tell();
    } finally {
      live.forget(session_id);
    }
  }

  async function store({ id, sandbox_id }: Session, change: SessionChange): Promise<void> {
    await deps.hub.append(
      [
        {
          sandbox_id,
          session_id: id,
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
          updateSession(trx, id, {
            ...(change.title === undefined ? {} : { title: change.title }),
            ...(change.metadata === undefined ? {} : { metadata: JSON.stringify(change.metadata) }),
            ...(change.state === undefined ? {} : { state: change.state }),
            ...(change.archived === undefined ? {} : { archived_at: change.archived ? at() : null }),
            updated_at: at(),
          }),
      },
    );
  }

  async function patch(session_id: string, wanted: SessionChange): Promise<Session> {
    const session = await read(session_id);
    // To open what is open changes nothing; a turn that runs goes on.
    const { state, ...rest } = wanted;
    const change: SessionChange = state === "active" && !sessionCan.reopen(session) ? rest : wanted;
    if (change.archived && !sessionCan.archive(session) && !session.archived_at) {
      throw new ApiError(
        409,
        "session_invalid_state",
        "A turn is running; stop it before archiving the session.",
      );
    }
    const ends = change.state !== undefined && change.state !== "active" && sessionCan.end(session);
    if (ends) await whileEnding(session_id, () => store(session, change));
    else await store(session, change);
    const link = live.known(session_id)?.connected();
    if (change.title !== undefined) await passOn(session, "title", link?.setTitle?.(change.title));
    if (change.metadata !== undefined)
      await passOn(session, "metadata", link?.setMetadata?.(change.metadata));
    return read(session_id);
  }

  /**
   * Waits until the backend has its copy of what is already changed here. Title and metadata are Sandbar's own: that a
   * backend refuses them or cannot be reached is told in the session, and takes nothing back.
   */
  async function passOn(
    { id, sandbox_id }: Session,
    what: "title" | "metadata",
    sent: Promise<void> | undefined,
  ): Promise<void> {
    try {
      await sent;
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      deps.logger.warn({ session_id: id, code: error.code }, `the backend did not take the ${what}`);
      const change = `The ${what} is changed here; the backend did not take it: ${error.message}`;
      const event = { event_type: "session_updated" as const, data: { change } };
      await deps.hub.append([{ sandbox_id, session_id: id, event }]);
    }
  }

  async function setOption(
    session_id: string,
    id: string,
    value: string | boolean,
  ): Promise<SessionOption[]> {
    const session = await read(session_id);
    const current = await live.get(session_id);
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

  return { patch, setOption };
}

function stateSentence(state: "active" | "completed" | "failed"): string {
  return state === "active"
    ? "Session reopened"
    : state === "completed"
      ? "Session ended"
      : "Session marked as failed";
}
