import type { OpenSession, SessionLink } from "#src/backends/backend.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import { type Api, sandboxPath } from "./api.ts";
import { type Cursor, parseCursor } from "./cursor.ts";
import { createLink } from "./link.ts";
import { titleOf } from "./map-session.ts";
import { readSession, type Seen, type SessionAddress } from "./transcript.ts";
import { createTurns } from "./turns.ts";
import { WireSession } from "./wire.ts";

/**
 * Makes a session, or takes up one that Amika has. A turn that was open is looked for in the background, also when Amika
 * does not answer right now.
 * @throws BackendError `not_found` when Amika does not know the session
 */
export async function openSession(api: Api, request: OpenSession): Promise<SessionLink> {
  const { resume, signal, sandbox_ref, onExchange } = request;
  const cursor = parseCursor(resume?.cursor ?? null);
  if (resume && cursor?.turn) return followTurn(api, request, resume.ref, cursor);
  if (!resume) {
    const session = await create(api, request);
    return link(api, request, session.id, { told: 0, title: request.title });
  }
  const address: SessionAddress = { sandbox_ref, session_ref: resume.ref, signal, onExchange };
  return takeUp(api, request, await readSession(api, address), cursor);
}

function create({ http }: Api, request: OpenSession): Promise<WireSession> {
  const { sandbox_ref, agent, title, metadata, signal, onExchange } = request;
  const body = { agent_name: agent, metadata: { ...metadata, ...(title !== null && { title }) } };
  const path = sandboxPath(sandbox_ref, "/sessions");
  return http.json({ method: "POST", path, body, signal, onExchange }, WireSession);
}

function followTurn(api: Api, request: OpenSession, ref: string, cursor: Cursor): SessionLink {
  const { told } = cursor;
  return link(api, request, ref, { told, title: request.title, continued: true }, (turns) =>
    turns.recover(cursor),
  );
}

function takeUp(api: Api, request: OpenSession, seen: Seen, cursor: Cursor | null): SessionLink {
  const unseen = request.history === "replay" ? 0 : (seen.messages?.length ?? 0);
  const state = { told: cursor?.told ?? unseen, title: titleOf(seen.session), continued: false };
  return link(api, request, seen.session.id, state, (turns) => turns.catchUp(seen));
}

type Standing = { told: number; title: string | null; continued?: boolean };

function link(
  api: Api,
  request: OpenSession,
  session_ref: string,
  { told, ...rest }: Standing,
  begin?: (turns: ReturnType<typeof createTurns>) => void,
): SessionLink {
  const { sandbox_ref, onExchange } = request;
  const closing = new AbortController();
  api.links.add(closing);
  const address: SessionAddress = { sandbox_ref, session_ref, signal: closing.signal, onExchange };
  const turns = createTurns(api, address, request, { told });
  begin?.(turns);
  return createLink({
    api,
    address,
    turns,
    agent: request.agent,
    ...rest,
    stop: () => {
      api.links.delete(closing);
      closing.abort(new BackendError("invalid_state", "The link to this session is closed."));
    },
  });
}
