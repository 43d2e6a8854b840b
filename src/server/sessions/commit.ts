import type { LinkEvent } from "#src/backends/backend.ts";
import type { DomainEvent, Envelope, EventType } from "#src/domain/event.ts";
import type { Db, SessionRow } from "../store/schema.ts";
import { expireRequests, insertRequest, resolveRequest } from "../store/requests.ts";
import { updateSession } from "../store/sessions.ts";
import { touchSandbox } from "../store/sandboxes.ts";
import type { Absorbed } from "./absorb.ts";
import type { SessionDeps } from "./deps.ts";
import type { SessionRecord } from "./open-link.ts";
import { requestSummary } from "./summary.ts";

export type Committed = { envelopes: Envelope[] };

export type CommitOptions = {
  /** The upstream's event, for its cursor and its payload. */
  from?: LinkEvent | undefined;
  /** What else is stored in the same transaction. */
  alongside?: ((trx: Db) => Promise<void>) | undefined;
};

/** Events that a person who was away would want to have seen: they move the unread mark. */
const notable: ReadonlySet<EventType> = new Set<EventType>([
  "permission_request",
  "user_input_request",
  "session_completed",
  "session_failed",
  "error",
]);

/** Stores what an upstream event came to: its events and every row that follows from them, in one transaction. */
export async function commit(
  record: SessionRecord,
  absorbed: Absorbed,
  { from, alongside }: CommitOptions,
  deps: SessionDeps,
): Promise<Committed> {
  const { session_id } = absorbed.state;
  const at = new Date(deps.now()).toISOString();
  const patch = sessionPatch(absorbed, at);
  if (from?.cursor !== undefined) patch.upstream_cursor = from.cursor;
  const envelopes = await deps.hub.append(
    absorbed.events.map((event, index) => ({
      sandbox_id: record.sandbox_id,
      session_id,
      event,
      raw: index === 0 ? from?.raw : undefined,
    })),
    {
      alongside: async (trx: Db, stored: readonly Envelope[]) => {
        const seen = stored.findLast(({ event_type }) => notable.has(event_type));
        if (seen) patch.last_event_id = Number(seen.id);
        if (Object.keys(patch).length > 0) await updateSession(trx, session_id, patch);
        if (absorbed.turn !== "unchanged") await touchSandbox(trx, record.sandbox_id, at);
        await storeRequests(trx, record, absorbed, at);
        await alongside?.(trx);
      },
    },
  );
  return { envelopes };
}

async function storeRequests(trx: Db, record: SessionRecord, absorbed: Absorbed, at: string): Promise<void> {
  for (const event of absorbed.events) {
    if (event.event_type === "permission_request" || event.event_type === "user_input_request") {
      const opened = absorbed.opened.find(({ id }) => id === event.data.request_id);
      if (!opened) continue;
      await insertRequest(trx, {
        id: opened.id,
        session_id: record.id,
        sandbox_id: record.sandbox_id,
        backend_id: record.backend_id,
        upstream_id: opened.upstream_id,
        kind: opened.kind,
        agent: record.agent,
        turn_id: event.data.turn_id,
        state: "pending",
        summary: requestSummary(event),
        body: JSON.stringify(event.data),
        response: null,
        created_at: at,
        expires_at: event.data.expires_at,
        resolved_at: null,
        resolved_by: null,
      });
    }
    if (event.event_type === "permission_response" || event.event_type === "user_input_response") {
      await resolveRequest(trx, event.data.request_id, {
        state: event.data.state,
        response: JSON.stringify(event.data),
        resolved_at: at,
        resolved_by: event.data.by ? JSON.stringify(event.data.by) : null,
      });
    }
  }
  if (absorbed.turn === "ended") await expireRequests(trx, record.id, at);
}

/** What the session's row takes from the event. */
function sessionPatch({ events, state, turn }: Absorbed, at: string): Partial<SessionRow> {
  const patch: Partial<SessionRow> = {};
  if (turn === "opened") {
    Object.assign(patch, {
      turn_id: state.turn?.turn_id ?? null,
      turn_started_at: at,
      stopping: 0,
      last_error: null,
    });
  }
  if (turn === "ended") Object.assign(patch, { turn_id: null, turn_started_at: null, stopping: 0 });
  for (const event of events) Object.assign(patch, patchOf(event));
  if (turn !== "unchanged" || events.some(changesRequests)) {
    patch.state = !state.turn ? "active" : state.requests.length > 0 ? "waiting_for_input" : "processing";
    patch.last_activity_at = at;
    patch.updated_at = at;
  }
  return patch;
}

function changesRequests({ event_type }: DomainEvent): boolean {
  return (
    event_type === "permission_request" ||
    event_type === "permission_response" ||
    event_type === "user_input_request" ||
    event_type === "user_input_response"
  );
}

function patchOf(event: DomainEvent): Partial<SessionRow> {
  switch (event.event_type) {
    case "stop_requested":
      return { stopping: 1 };
    case "session_failed":
      return { last_error: event.data.error };
    case "session_updated": {
      const { title, options, commands } = event.data;
      return {
        ...(title === undefined ? {} : { title }),
        ...(options === undefined ? {} : { options: JSON.stringify(options) }),
        ...(commands === undefined ? {} : { commands: JSON.stringify(commands) }),
      };
    }
    default:
      return {};
  }
}
