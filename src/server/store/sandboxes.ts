import { type ExpressionBuilder, sql } from "kysely";
import * as z from "zod";
import { ProvisioningStep, type Sandbox, SandboxSpecView, type SandboxState } from "#src/domain/sandbox.ts";
import { contains, hasEntry, isAfter } from "./conditions.ts";
import { parseJson } from "./json.ts";
import { decodePlace, type Page, type PageQuery, toPage } from "./page.ts";
import type { Db, SandboxRow, Tables } from "./schema.ts";

export type SandboxQuery = PageQuery & {
  backend_id?: string;
  /** Without states: all but terminated ones. */
  states?: readonly string[];
  provider?: string;
  /** Key → value, or null for any value. */
  labels?: Readonly<Record<string, string | null>>;
  /** Text in the name, the repository or the branch. */
  q?: string;
};

/** Sandboxes of every backend, newest activity first (design §4). Throws 400 for a cursor of another list. */
export async function listSandboxes(db: Db, query: SandboxQuery): Promise<Page<Sandbox>> {
  const all = filtered(db, query);
  const { total } = await all.select(({ fn }) => fn.countAll<number>().as("total")).executeTakeFirstOrThrow();
  const page = query.cursor ? all.where(isAfter("sandboxes", decodePlace(query.cursor))) : all;
  const rows = await page
    .selectAll("sandboxes")
    .select(counts)
    .orderBy("sandboxes.last_activity_at", "desc")
    .orderBy("sandboxes.id", "desc")
    .limit(query.limit + 1)
    .execute();
  return toPage(rows.map(toSandbox), query.limit, total);
}

/** One sandbox by its id, or a live one by its name; null when there is neither. */
export async function getSandbox(db: Db, ref: string): Promise<Sandbox | null> {
  const row = await db
    .selectFrom("sandboxes")
    .selectAll("sandboxes")
    .select(counts)
    .where((eb) =>
      eb.or([eb("id", "=", ref), eb.and([eb("name", "=", ref), eb("terminated_at", "is", null)])]),
    )
    .orderBy((eb) => eb("id", "=", ref), "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? toSandbox(row) : null;
}

/** The row alone, by id. */
export async function getSandboxRow(db: Db, id: string): Promise<SandboxRow | null> {
  const row = await db.selectFrom("sandboxes").selectAll().where("id", "=", id).executeTakeFirst();
  return row ?? null;
}

/** Rows of a backend's sandboxes that are not terminated, to be compared with what the upstream says. */
export function listLiveSandboxRows(db: Db, backend_id: string): Promise<SandboxRow[]> {
  return db
    .selectFrom("sandboxes")
    .selectAll()
    .where("backend_id", "=", backend_id)
    .where("terminated_at", "is", null)
    .execute();
}

/** Fails with a unique violation of `sandboxes.name` when a live sandbox has the name. */
export async function insertSandbox(db: Db, row: SandboxRow): Promise<void> {
  await db.insertInto("sandboxes").values(row).execute();
}

export async function updateSandbox(db: Db, id: string, patch: Partial<SandboxRow>): Promise<void> {
  if (Object.keys(patch).length === 0) return;
  await db.updateTable("sandboxes").set(patch).where("id", "=", id).execute();
}

/** Moves the sandbox up the list: something happened in it. */
export async function touchSandbox(db: Db, id: string, at: string): Promise<void> {
  await updateSandbox(db, id, { last_activity_at: at });
}

/** The name, or the name with the first number that makes it free among live sandboxes: for ones found upstream. */
export async function freeSandboxName(db: Db, wanted: string): Promise<string> {
  const rows = await db.selectFrom("sandboxes").select("name").where("terminated_at", "is", null).execute();
  const taken = new Set(rows.map(({ name }) => name));
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
  return name;
}

function filtered(db: Db, { states, backend_id, provider, labels = {}, q }: SandboxQuery) {
  let query = db.selectFrom("sandboxes");
  // A word that is no state finds nothing.
  if (states) query = query.where("sandboxes.state", "in", states as SandboxState[]);
  else query = query.where("sandboxes.state", "!=", "terminated");
  if (backend_id) query = query.where("sandboxes.backend_id", "=", backend_id);
  if (provider) query = query.where("sandboxes.agent_provider", "=", provider);
  for (const [key, value] of Object.entries(labels)) {
    query = query.where(hasEntry("sandboxes.labels", key, value));
  }
  if (q) {
    const places = ["sandboxes.name", "sandboxes.repository", "sandboxes.branch"];
    query = query.where((eb) => eb.or(places.map((place) => contains(place, q))));
  }
  return query;
}

function counts(eb: ExpressionBuilder<Tables, "sandboxes">) {
  const sessions = eb
    .selectFrom("sessions")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .whereRef("sessions.sandbox_id", "=", "sandboxes.id");
  const pending = eb
    .selectFrom("requests")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .whereRef("requests.sandbox_id", "=", "sandboxes.id")
    .where("requests.state", "=", sql.lit("pending"));
  return [
    sessions.where("sessions.archived_at", "is", null).$asScalar().$notNull().as("session_count"),
    sessions.where("sessions.turn_id", "is not", null).$asScalar().$notNull().as("running_turns"),
    pending.where("requests.kind", "=", "permission").$asScalar().$notNull().as("pending_permissions"),
    pending.where("requests.kind", "=", "question").$asScalar().$notNull().as("pending_questions"),
  ] as const;
}

const Labels = z.record(z.string(), z.string());
const Extra = z.record(z.string(), z.unknown());
const Provisioning = z.array(ProvisioningStep);

type Counts = Pick<Sandbox, "session_count" | "running_turns" | "pending_permissions" | "pending_questions">;

function toSandbox(row: SandboxRow & Counts): Sandbox {
  const { env_sealed: _sealed, terminated_at: _terminated, auto_stop_minutes, ...fields } = row;
  return {
    ...fields,
    labels: parseJson(Labels, row.labels),
    spec: { ...parseJson(SandboxSpecView, row.spec), auto_stop_minutes },
    provisioning: parseJson(Provisioning, row.provisioning),
    extra: parseJson(Extra, row.extra),
    resource_stats: null,
  };
}
