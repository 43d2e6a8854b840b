import type { Session } from "#src/domain/session.ts";
import { sessionCan } from "#src/domain/session-can.ts";
import { eachLimited } from "#src/lib/each.ts";
import { LOCAL_ID } from "../backends/local-id.ts";
import { listRunningSessionRows, listSessions } from "../store/sessions.ts";
import type { SessionDeps } from "./deps.ts";
import type { LiveSessions } from "./live-sessions.ts";

/** How many sessions of a backend are opened at a time when it comes back: all at once would knock it over again. */
const RESUMED_AT_ONCE = 4;

/** What happens to sessions when their sandbox, their backend or the server comes and goes. */
export function createSessionLife(deps: SessionDeps, live: LiveSessions) {
  const { db } = deps.store;

  return {
    /**
     * Follows a remote session from now on, because somebody looks at it: what other clients do there becomes visible.
     * Local sessions have no other clients. A backend that does not answer is the backend list's to tell.
     */
    follow(session: Session): void {
      if (session.backend_id === LOCAL_ID || !sessionCan.end(session) || live.known(session.id)?.connected())
        return;
      live
        .get(session.id)
        .then((current) => current.connect())
        .catch((error: unknown) =>
          deps.logger.debug({ session_id: session.id, error }, "a session could not be followed"),
        );
    },
    /**
     * Lets go of a backend's links, because its adapter was closed for another one. A turn that is open stays so until it
     * is resumed.
     */
    async detachBackend(backend_id: string): Promise<void> {
      await Promise.all(
        live
          .all()
          .filter((session) => session.backend_id === backend_id)
          .map(async (session) => {
            session.retire();
            await session.close("detach").catch((error: unknown) => {
              deps.logger.warn({ session_id: session.id, error }, "an agent did not close");
            });
            live.forget(session.id);
          }),
      );
    },
    /** After a start, or when a backend answers again: goes on with its turns that are still open here. */
    async resumeTurns(backend_id: string): Promise<void> {
      const rows = (await listRunningSessionRows(db)).filter(
        (row) => row.backend_id === backend_id && !live.known(row.id),
      );
      await eachLimited(rows, RESUMED_AT_ONCE, async ({ id }) => (await live.get(id)).resume());
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
          if (!turn_id && !live.known(id)) return;
          const current = await live.get(id);
          current.retire();
          try {
            await current.failTurn(reason, code, stderr);
            await current.close("detach").catch((error: unknown) => {
              deps.logger.warn({ session_id: id, error }, "an agent did not close");
            });
          } finally {
            live.forget(id);
          }
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
        live.all().map(async (session) => {
          session.retire();
          if (session.turn() && session.backend_id === LOCAL_ID) await session.failTurn(reason, code, null);
          await session.close("detach");
          live.forget(session.id);
        }),
      );
    },
  };
}
