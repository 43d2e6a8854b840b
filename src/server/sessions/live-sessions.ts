import { ApiError } from "../errors.ts";
import { listPendingRequests } from "../store/requests.ts";
import { getSessionRow } from "../store/sessions.ts";
import type { SessionDeps } from "./deps.ts";
import { createLiveSession, type LiveSession } from "./live-session.ts";

/** The sessions in use, each at most once. */
export type LiveSessions = {
  /** The session in use, brought to life from its row when it was not. Throws 404 when there is no row. */
  get(session_id: string): Promise<LiveSession>;
  /** Only if it is in use. */
  known(session_id: string): LiveSession | undefined;
  /** It is used no more; whoever closed it says so. */
  forget(session_id: string): void;
  all(): LiveSession[];
};

export function createLiveSessions(deps: SessionDeps): LiveSessions {
  const live = new Map<string, LiveSession>();
  const { db } = deps.store;

  async function get(session_id: string): Promise<LiveSession> {
    const known = live.get(session_id);
    if (known) return known;
    const row = await getSessionRow(db, session_id);
    if (!row) throw noSession();
    const requests = await listPendingRequests(db, { session_id });
    // Somebody else may have brought it to life while the rows were read.
    const again = live.get(session_id);
    if (again) return again;
    const turn = row.turn_id
      ? { turn_id: row.turn_id, started_at: Date.parse(row.turn_started_at ?? row.updated_at) }
      : null;
    const record = { id: row.id, sandbox_id: row.sandbox_id, backend_id: row.backend_id, agent: row.agent };
    const made = createLiveSession(record, { turn, requests }, deps);
    live.set(session_id, made);
    return made;
  }

  return {
    get,
    known: (session_id) => live.get(session_id),
    forget: (session_id) => void live.delete(session_id),
    all: () => [...live.values()],
  };
}

export function noSession(): ApiError {
  return new ApiError(404, "session_not_found", "There is no such session.");
}
