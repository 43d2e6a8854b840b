import { type ExpressionBuilder, sql } from "kysely";
import * as z from "zod";
import { AgentCommand, SessionOption } from "#src/domain/agent.ts";
import type { Session, SessionState } from "#src/domain/session.ts";
import { contains, hasEntry, isAfter } from "./conditions.ts";
import { parseJson } from "./json.ts";
import { decodePlace, type Page, type PageQuery, toPage } from "./page.ts";
import type { Db, SessionRow, Tables } from "./schema.ts";

export type SessionQuery = PageQuery & {
  backend_id?: string;
  sandbox_id?: string;
  states?: readonly string[];
  /** Key of the metadata → value, or null for any value. */
  labels?: Readonly<Record<string, string | null>>;
  /** Text in the title or the sandbox's name. */
  q?: string;
  /** Only archived ones; otherwise only others. */
  archived?: boolean;
};

export type NewSessionRow = Pick<
  Session,
  "id" | "sandbox_id" | "backend_id" | "agent" | "title" | "options" | "metadata" | "directory"
> &
  Partial<Pick<SessionRow, "state" | "upstream_ref" | "created_at" | "last_activity_at">> & { at: string };

/** Sessions of every sandbox, newest activity first (design §4). Throws 400 for a cursor of another list. */
export async function listSessions(db: Db, query: SessionQuery): Promise<Page<Session>> {
  const all = filtered(db, query);
  const { total } = await all.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const page = query.cursor ? all.where(isAfter("sessions", decodePlace(query.cursor))) : all;
  const rows = await page
    .selectAll("sessions")
    .select(joined)
    .orderBy("sessions.last_activity_at", "desc")
    .orderBy("sessions.id", "desc")
    .limit(query.limit + 1)
    .execute();
  return toPage(rows.map(toSession), query.limit, total);
}

/** One session as the API shows it; null when there is none. */
export async function getSession(db: Db, id: string): Promise<Session | null> {
  const row = await withSandbox(db)
    .selectAll("sessions")
    .select(joined)
    .where("sessions.id", "=", id)
    .executeTakeFirst();
  return row ? toSession(row) : null;
}

/** The row alone, with what only the server needs of it. */
export async function getSessionRow(db: Db, id: string): Promise<SessionRow | null> {
  const row = await db.selectFrom("sessions").selectAll().where("id", "=", id).executeTakeFirst();
  return row ?? null;
}

/** Sessions whose turn ran when the server went down. */
export function listRunningSessionRows(db: Db): Promise<SessionRow[]> {
  return db.selectFrom("sessions").selectAll().where("turn_id", "is not", null).execute();
}

/** Adds a session between turns, unless `state` says otherwise. `at` is the time of whatever time is absent. */
export async function insertSession(
  db: Db,
  { options, metadata, at, ...given }: NewSessionRow,
): Promise<void> {
  await db
    .insertInto("sessions")
    .values({
      state: "active",
      state_detail: null,
      stopping: 0,
      commands: "[]",
      upstream_ref: null,
      upstream_cursor: null,
      archived_at: null,
      turn_id: null,
      turn_started_at: null,
      last_error: null,
      last_event_id: 0,
      created_at: at,
      updated_at: at,
      last_activity_at: at,
      ...given,
      options: JSON.stringify(options),
      metadata: JSON.stringify(metadata),
    })
    .execute();
}

export async function updateSession(db: Db, id: string, patch: Partial<SessionRow>): Promise<void> {
  if (Object.keys(patch).length === 0) return;
  await db.updateTable("sessions").set(patch).where("id", "=", id).execute();
}

/** Takes back a session that never came to life. Its log stays. */
export async function deleteSession(db: Db, id: string): Promise<void> {
  await db.deleteFrom("queue").where("session_id", "=", id).execute();
  await db.deleteFrom("requests").where("session_id", "=", id).execute();
  await db.deleteFrom("sessions").where("id", "=", id).execute();
}

function withSandbox(db: Db) {
  return db.selectFrom("sessions").innerJoin("sandboxes", "sandboxes.id", "sessions.sandbox_id");
}

function filtered(
  db: Db,
  { backend_id, sandbox_id, states, labels = {}, q, archived = false }: SessionQuery,
) {
  let query = withSandbox(db).where("sessions.archived_at", archived ? "is not" : "is", null);
  if (backend_id) query = query.where("sessions.backend_id", "=", backend_id);
  if (sandbox_id) query = query.where("sessions.sandbox_id", "=", sandbox_id);
  // A word that is no state finds nothing.
  if (states) query = query.where("sessions.state", "in", states as SessionState[]);
  for (const [key, value] of Object.entries(labels)) {
    query = query.where(hasEntry("sessions.metadata", key, value));
  }
  if (q) query = query.where((eb) => eb.or([contains("sessions.title", q), contains("sandboxes.name", q)]));
  return query;
}

function joined(eb: ExpressionBuilder<Tables, "sessions" | "sandboxes">) {
  const pending = eb
    .selectFrom("requests")
    .whereRef("requests.session_id", "=", "sessions.id")
    .where("requests.state", "=", sql.lit("pending"));
  const count = pending.select(({ fn }) => fn.countAll<number>().as("count"));
  return [
    "sandboxes.name as sandbox_name",
    count.where("requests.kind", "=", "permission").$asScalar().$notNull().as("pending_permissions"),
    count.where("requests.kind", "=", "question").$asScalar().$notNull().as("pending_questions"),
    pending
      .select("requests.summary")
      .orderBy("requests.created_at")
      .orderBy("requests.id")
      .limit(1)
      .as("pending_summary"),
    // In a `case`, so that sessions at rest, which are nearly all of them, cost no look into the log.
    eb
      .case()
      .when("sessions.turn_id", "is not", null)
      .then(
        eb
          .selectFrom("events")
          .select("events.timestamp")
          .whereRef("events.session_id", "=", "sessions.id")
          .orderBy("events.id", "desc")
          .limit(1),
      )
      .else(null)
      .end()
      .as("heard_at"),
    eb
      .selectFrom("queue")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .whereRef("queue.session_id", "=", "sessions.id")
      .$asScalar()
      .$notNull()
      .as("queue_length"),
  ] as const;
}

const Options = z.array(SessionOption);
const Commands = z.array(AgentCommand);
const Metadata = z.record(z.string(), z.unknown());

type Joined = Pick<
  Session,
  | "sandbox_name"
  | "pending_permissions"
  | "pending_questions"
  | "pending_summary"
  | "queue_length"
  | "heard_at"
>;

function toSession({
  upstream_ref: _ref,
  upstream_cursor: _cursor,
  turn_id: _turn,
  ...row
}: SessionRow & Joined): Session {
  return {
    ...row,
    stopping: row.stopping === 1,
    options: parseJson(Options, row.options),
    commands: parseJson(Commands, row.commands),
    metadata: parseJson(Metadata, row.metadata),
    last_event_id: String(row.last_event_id),
  };
}
