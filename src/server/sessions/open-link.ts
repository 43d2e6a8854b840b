import type { LinkClosed, LinkEvent, SessionLink } from "#src/backends/backend.ts";
import type { SessionOption } from "#src/domain/agent.ts";
import { ApiError } from "../errors.ts";
import { getSandboxRow } from "../store/sandboxes.ts";
import { getSessionRow, updateSession } from "../store/sessions.ts";
import type { SessionDeps } from "./deps.ts";

/** How long an agent may take to start and to open a conversation, in ms. */
const OPEN_PATIENCE_MS = 120_000;

/** What does not change in a session. */
export type SessionRecord = { id: string; sandbox_id: string; backend_id: string; agent: string };

type Listeners = {
  emit: (event: LinkEvent) => void;
  onClosed: (reason: LinkClosed) => void;
  onTrouble: () => void;
};

/** Opens the session upstream, or opens it again, and stores where to find it. */
export async function openLink(
  record: SessionRecord,
  deps: SessionDeps,
  listeners: Listeners,
): Promise<SessionLink> {
  const { db } = deps.store;
  const [row, sandbox] = await Promise.all([
    getSessionRow(db, record.id),
    getSandboxRow(db, record.sandbox_id),
  ]);
  if (!row || !sandbox) throw new ApiError(404, "session_not_found", "There is no such session.");
  if (sandbox.state !== "running") {
    throw new ApiError(
      409,
      "sandbox_invalid_state",
      `The sandbox ${sandbox.name} is ${sandbox.state}; start it first.`,
    );
  }
  const backend = deps.backendOf(record.backend_id);
  const opening = new AbortController();
  const patience = setTimeout(
    () => opening.abort(new Error("The agent did not answer in time.")),
    OPEN_PATIENCE_MS,
  );
  const link = await backend
    .openSession({
      sandbox_ref: sandbox.upstream_id ?? sandbox.id,
      session_id: record.id,
      agent: record.agent,
      title: row.title || null,
      directory: row.directory,
      options: chosen(JSON.parse(row.options)),
      metadata: JSON.parse(row.metadata),
      resume: row.upstream_ref ? { ref: row.upstream_ref, cursor: row.upstream_cursor } : null,
      // What was found upstream and never followed has its past there; everything else has it in the log.
      history: row.upstream_ref && row.upstream_cursor === null ? "replay" : "none",
      ...listeners,
      onExchange: (exchange) => deps.exchanges.add(record.id, exchange),
      signal: opening.signal,
    })
    .finally(() => clearTimeout(patience));
  await updateSession(db, record.id, { upstream_ref: link.ref });
  if (link.options.length > 0 || link.commands.length > 0) {
    listeners.emit({
      event: {
        event_type: "session_updated",
        data: {
          ...(link.options.length > 0 ? { options: link.options } : {}),
          ...(link.commands.length > 0 ? { commands: link.commands } : {}),
        },
      },
    });
  }
  return link;
}

function chosen(options: SessionOption[]): Record<string, string | boolean> {
  return Object.fromEntries(options.map(({ id, value }) => [id, value]));
}
