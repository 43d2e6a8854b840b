import { eventData } from "#src/domain/event.ts";
import { Actor, type PendingRequest, type RequestState } from "#src/domain/request.ts";
import { parseJson } from "./json.ts";
import type { Db, RequestRow } from "./schema.ts";

export type RequestQuery = {
  session_id?: string;
  states?: readonly string[];
  /** Only so many of those that are resolved, the last resolved first. */
  recent?: number;
};

/** What resolves a request; `response` is the data of its response event. */
export type Resolution = Pick<RequestRow, "response" | "resolved_at" | "resolved_by"> & {
  state: Exclude<RequestState, "pending">;
};

/** Permissions and questions of every session: the oldest first, or the last resolved first with `recent`. */
export async function listRequests(
  db: Db,
  { session_id, states, recent }: RequestQuery,
): Promise<PendingRequest[]> {
  let query = db.selectFrom("requests").selectAll();
  if (session_id) query = query.where("session_id", "=", session_id);
  // A word that is no state finds nothing.
  if (states) query = query.where("state", "in", states as RequestState[]);
  const ordered =
    recent === undefined
      ? query.orderBy("created_at").orderBy("id")
      : query.where("resolved_at", "is not", null).orderBy("resolved_at", "desc").limit(recent);
  return (await ordered.execute()).map(toRequest);
}

/** One request, whatever its state; null when there is none. */
export async function getRequest(db: Db, id: string): Promise<PendingRequest | null> {
  const row = await db.selectFrom("requests").selectAll().where("id", "=", id).executeTakeFirst();
  return row ? toRequest(row) : null;
}

/** What a session waits for, with the upstream's own ids, oldest first. */
export async function listPendingRequests(
  db: Db,
  { session_id }: { session_id: string },
): Promise<{ id: string; upstream_id: string; kind: RequestRow["kind"]; tool_name: string }[]> {
  const rows = await db
    .selectFrom("requests")
    .selectAll()
    .where("session_id", "=", session_id)
    .where("state", "=", "pending")
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map((row) => {
    const request = toRequest(row);
    const tool_name = request.kind === "permission" ? request.tool_name : "";
    return { id: row.id, upstream_id: row.upstream_id, kind: row.kind, tool_name };
  });
}

/** `body` is the data of the event that asked. */
export async function insertRequest(db: Db, row: RequestRow): Promise<void> {
  await db.insertInto("requests").values(row).execute();
}

/** Resolves a request that still waits. False when it does not: somebody else was first. */
export async function resolveRequest(db: Db, id: string, resolution: Resolution): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("requests")
    .set(resolution)
    .where("id", "=", id)
    .where("state", "=", "pending")
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Expires whatever a session still waits for: its turn is over. */
export async function expireRequests(db: Db, session_id: string, at: string): Promise<void> {
  await db
    .updateTable("requests")
    .set({ state: "expired", resolved_at: at })
    .where("session_id", "=", session_id)
    .where("state", "=", "pending")
    .execute();
}

function toRequest(row: RequestRow): PendingRequest {
  const base = {
    id: row.id,
    session_id: row.session_id,
    sandbox_id: row.sandbox_id,
    backend_id: row.backend_id,
    agent: row.agent,
    turn_id: row.turn_id,
    state: row.state,
    created_at: row.created_at,
    expires_at: row.expires_at,
    resolved_at: row.resolved_at,
    resolved_by: row.resolved_by === null ? null : parseJson(Actor, row.resolved_by),
  };
  switch (row.kind) {
    case "permission": {
      const { request_id: _id, ...asked } = parseJson(eventData.permission_request, row.body);
      const answer = row.response === null ? null : parseJson(eventData.permission_response, row.response);
      return {
        kind: "permission",
        ...asked,
        ...base,
        reply: answer?.reply ?? null,
        option_name: answer?.option_name ?? null,
        message: answer?.message ?? null,
      };
    }
    case "question": {
      const { request_id: _id, ...asked } = parseJson(eventData.user_input_request, row.body);
      const answer = row.response === null ? null : parseJson(eventData.user_input_response, row.response);
      return { kind: "question", ...asked, ...base, answers: answer?.answers ?? null };
    }
    default:
      return row.kind satisfies never;
  }
}
