import * as z from "zod";
import type { Session } from "#src/domain/session.ts";
import { LOCAL_ID } from "../../backends/local-id.ts";
import type { Services } from "../../routes/services.ts";
import { getSession, getSessionRow, listSessions } from "../../store/sessions.ts";
import type { LogOwner } from "./log.ts";
import { sessionNotFound } from "./problems.ts";
import type { Scope } from "./scope.ts";

const MOST = 1_000;

/** What a client asked for when it made the session; kept in the session's metadata. */
export const Asked = z.looseObject({
  agentMode: z.string().default("build"),
  permissionMode: z.string().default("default"),
  model: z.string().nullable().default(null),
  variant: z.string().nullable().default(null),
  directory: z.string().nullable().default(null),
});
export type Asked = z.infer<typeof Asked>;

const Metadata = z.looseObject({
  rest_session_id: z.string().optional().catch(undefined),
  rest_options: Asked.optional().catch(undefined),
  /** Where adapters look for the servers to give to an agent. */
  mcp: z.unknown().optional(),
  skills: z.unknown().optional(),
});

const metadataOf = (session: Session) => Metadata.parse(session.metadata);
const askedOf = (session: Session): Asked => metadataOf(session).rest_options ?? Asked.parse({});

/** The id that clients of this API know the session by: their own, or Sandbar's for a session made elsewhere. */
export function clientId(session: Session): string {
  return metadataOf(session).rest_session_id ?? session.id;
}

export function hasEnded({ state }: Session): boolean {
  return state === "completed" || state === "failed";
}

/** Sessions of the scope, newest first. Archived ones are put away, so they are not listed; they can still be read. */
export async function listScoped({ store }: Services, { sandbox }: Scope): Promise<Session[]> {
  const { items } = await listSessions(store.db, {
    backend_id: LOCAL_ID,
    sandbox_id: sandbox?.id,
    limit: MOST,
  });
  return items.toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1));
}

/** The session by its client's id or by Sandbar's; of several with one id, the newest. */
export async function findScoped(
  { store }: Services,
  { sandbox }: Scope,
  session_id: string,
): Promise<Session | null> {
  for (const archived of [false, true]) {
    const labels = { rest_session_id: session_id };
    const query = { backend_id: LOCAL_ID, sandbox_id: sandbox?.id, labels, archived, limit: 1 };
    const [found] = (await listSessions(store.db, query)).items;
    if (found) return found;
  }
  const own = await getSession(store.db, session_id);
  const inScope = own?.backend_id === LOCAL_ID && (!sandbox || own.sandbox_id === sandbox.id);
  return own && inScope ? own : null;
}

export async function scopedSession(services: Services, scope: Scope, session_id: string): Promise<Session> {
  const session = await findScoped(services, scope, session_id);
  if (!session) throw sessionNotFound(session_id);
  return session;
}

/** The session as the owner of its universal events. */
export async function ownerOf({ store }: Services, session: Session): Promise<LogOwner> {
  const { agentMode, permissionMode, model, variant } = askedOf(session);
  return {
    id: session.id,
    session_id: clientId(session),
    native_session_id: (await getSessionRow(store.db, session.id))?.upstream_ref ?? null,
    created_at: session.created_at,
    started: { agent: session.agent, agentMode, permissionMode, model, variant },
  };
}

/** SessionInfo (spec 2); `eventCount` is the newest sequence. */
export function sessionInfo(session: Session, native_session_id: string | null, eventCount: number) {
  const { agentMode, permissionMode, model, variant, directory } = askedOf(session);
  const { mcp, skills } = metadataOf(session);
  return {
    sessionId: clientId(session),
    agent: session.agent,
    agentMode,
    permissionMode,
    model,
    variant,
    nativeSessionId: native_session_id,
    ended: hasEnded(session),
    eventCount,
    createdAt: Date.parse(session.created_at),
    updatedAt: Date.parse(session.updated_at),
    directory: directory ?? session.directory,
    title: session.title || null,
    ...(mcp === undefined ? {} : { mcp }),
    ...(skills === undefined ? {} : { skills }),
    sandbox: session.sandbox_name,
  };
}
