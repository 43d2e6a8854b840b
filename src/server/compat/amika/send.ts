import type { Actor } from "#src/domain/request.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import type { Session } from "#src/domain/session.ts";
import { sessionCan } from "#src/domain/session-can.ts";
import { textOf } from "#src/domain/text.ts";
import type { Row, RowOf } from "#src/transcript/rows.ts";
import { ApiError } from "../../errors.ts";
import type { Services } from "../../routes/services.ts";
import { getSession, getSessionRow, listSessions } from "../../store/sessions.ts";

/** How long a call waits for the agent; the turn itself goes on (spec 2, timeouts). */
const PATIENCE_MS = 600_000;

export type Wish = { session_id?: string; new_session: boolean; agent?: string };
export type Chosen = { session: Session; is_new_session: boolean };

/** A session of the sandbox by its id. @throws ApiError 404 */
export async function sessionOf(
  { store }: Pick<Services, "store">,
  sandbox: Pick<Sandbox, "id">,
  session_id: string,
): Promise<Session> {
  const session = await getSession(store.db, session_id);
  if (session?.sandbox_id === sandbox.id) return session;
  throw new ApiError(404, "session_not_found", `There is no session ${session_id} in this sandbox.`);
}

/** The session a message goes to: the named one, a new one, or the newest that takes one (spec 1.3). */
export async function chooseSession(
  services: Pick<Services, "store" | "sessions">,
  sandbox: Sandbox,
  wish: Wish,
  options: Record<string, string> = {},
): Promise<Chosen> {
  if (wish.session_id !== undefined) {
    return { session: await sessionOf(services, sandbox, wish.session_id), is_new_session: false };
  }
  if (!wish.new_session) {
    const { items } = await listSessions(services.store.db, { sandbox_id: sandbox.id, limit: 1_000 });
    const fits = (session: Session): boolean =>
      sessionCan.prompt(session) && (wish.agent === undefined || session.agent === wish.agent);
    const session = items.find(fits);
    if (session) return { session, is_new_session: false };
  }
  const wanted = { ...(wish.agent === undefined ? {} : { agent: wish.agent }), options };
  return { session: await services.sessions.create(sandbox.id, wanted), is_new_session: true };
}

/** What came of a turn, in this API's words. */
export type Outcome = {
  response: string;
  is_error: boolean;
  agent_session_id: string | null;
  usage: { cost_usd?: number; duration_ms?: number; num_turns: number };
};

/** Puts a message into a session's line and gives its id; the turn may have to wait for another. */
export async function sendText(
  { sessions }: Pick<Services, "sessions">,
  session_id: string,
  text: string,
  actor: Actor,
): Promise<string> {
  return (await sessions.send(session_id, [{ type: "text", text }], actor)).message_id;
}

/**
 * Waits for the end of a message's turn. What the agent reports as its failure is an outcome, not an error. A permission
 * that the agent raises meanwhile waits for a person on Sandbar's page.
 * @throws ApiError 504 when it takes longer than ten minutes; the turn goes on
 */
export async function awaitOutcome(
  services: Pick<Services, "transcripts" | "store">,
  session_id: string,
  message_id: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    await services.transcripts.answer(session_id, message_id, AbortSignal.any([signal, patience]));
  } catch (error) {
    if (patience.aborted)
      throw new ApiError(504, "timeout", "The agent still works after 10 minutes; its turn goes on.");
    // The outcome below tells the failure of a turn in its own words.
    if (!(error instanceof ApiError) || error.code !== "agent_failed") throw error;
  }
  const outcome = await outcomeOf(services, session_id, message_id);
  if (!outcome) throw new Error(`the turn of ${message_id} has ended and has no end`);
  return outcome;
}

/** How the turn of a message ended; null while it has not. */
export async function outcomeOf(
  { transcripts, store }: Pick<Services, "transcripts" | "store">,
  session_id: string,
  message_id: string,
): Promise<Outcome | null> {
  const rows = await transcripts.all(session_id);
  const prompt = rows.find((row) => row.kind === "user" && row.message_id === message_id);
  const end = prompt && rows.findLast((row) => isEndOf(row, prompt.turn_id));
  if (end?.kind !== "turn_end") return null;
  const said = textOf(
    rows.flatMap((row) =>
      row.kind === "text" && row.turn_id === end.turn_id ? [{ type: "text", text: row.text }] : [],
    ),
  );
  const stopped = end.stop_reason === "cancelled";
  return {
    response: end.outcome === "failed" ? (end.error ?? "The turn failed.") : said,
    is_error: end.outcome === "failed" || stopped,
    agent_session_id: (await getSessionRow(store.db, session_id))?.upstream_ref ?? null,
    usage: {
      ...(end.cost_usd === null ? {} : { cost_usd: end.cost_usd }),
      ...(end.duration_ms === null ? {} : { duration_ms: end.duration_ms }),
      num_turns: 1,
    },
  };
}

function isEndOf(row: Row, turn_id: string | null): row is RowOf<"turn_end"> {
  return row.kind === "turn_end" && row.turn_id === turn_id;
}
