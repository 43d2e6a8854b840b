import { sql, type ExpressionBuilder, type ExpressionWrapper, type SqlBool } from "kysely";
import type { Envelope } from "#src/domain/event.ts";
import type { EventFilter } from "../events/filter.ts";
import type { Db, EventRow, Tables } from "./schema.ts";

export type EventQuery = {
  filter: EventFilter;
  /** Only events with a greater id. */
  after: number;
  limit: number;
};

/** An event of the log with what the upstream sent, when it was asked for and kept. */
export type LoggedEvent = Envelope & { raw?: unknown };

/** SQLite takes 32,766 parameters in one statement; an event has eight columns. */
const ROWS_PER_INSERT = 1_000;

/** Adds events to the log, in the order of their ids. */
export async function insertEvents(db: Db, rows: readonly EventRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await db
      .insertInto("events")
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .execute();
  }
}

/** The id of the newest event; 0 when the log is empty. */
export async function newestEventId(db: Db): Promise<number> {
  const row = await db
    .selectFrom("events")
    .select(({ fn }) => fn.max("id").as("id"))
    .executeTakeFirst();
  return row?.id ?? 0;
}

/** Events that pass the filter, oldest first. */
export async function readEvents(db: Db, query: EventQuery): Promise<Envelope[]> {
  const rows = await select(db, query, [...columns]).execute();
  return rows.map(toEnvelope);
}

/** The same with the upstream payloads (`raw=1`). */
export async function readLoggedEvents(db: Db, query: EventQuery): Promise<LoggedEvent[]> {
  const rows = await select(db, query, [...columns, "raw"]).execute();
  return rows.map((row) => ({
    ...toEnvelope(row),
    ...(typeof row.raw === "string" ? { raw: JSON.parse(row.raw) as unknown } : {}),
  }));
}

/** How many events pass the filter, counted up to `limit` at most. */
export async function countEvents(db: Db, query: EventQuery): Promise<number> {
  const row = await db
    .selectFrom(select(db, query, ["id"]).as("found"))
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return row.count;
}

type Column = keyof EventRow;
type Where = (eb: ExpressionBuilder<Tables, "events">) => ExpressionWrapper<Tables, "events", SqlBool>;

const columns = ["id", "sandbox_id", "session_id", "event_type", "data", "timestamp"] as const;

/**
 * Each branch is served by one index, and no event is in two of them. One WHERE with OR would make SQLite walk the
 * whole log from `after` on.
 */
function branches(filter: EventFilter): Where[] {
  switch (filter.kind) {
    case "all":
      return [(eb) => eb(eb.lit(1), "=", eb.lit(1))];
    case "browser":
      return [
        (eb) => eb("listed", "=", sql.lit(1)),
        ...[...new Set(filter.session_ids)].map(
          (session_id): Where =>
            (eb) =>
              eb.and([eb("session_id", "=", session_id), eb("listed", "=", sql.lit(0))]),
        ),
      ];
    case "session": {
      const { session_id, sandbox_id } = filter;
      const own: Where = (eb) => eb("session_id", "=", session_id);
      if (sandbox_id === null) return [own];
      return [own, (eb) => eb.and([eb("sandbox_id", "=", sandbox_id), eb("session_id", "is", null)])];
    }
    case "sandbox":
      return [(eb) => eb("sandbox_id", "=", filter.sandbox_id)];
    default:
      return filter satisfies never;
  }
}

function select<C extends Column>(db: Db, { filter, after, limit }: EventQuery, wanted: C[]) {
  const [first, ...others] = branches(filter).map((where) =>
    db.selectFrom("events").select(wanted).where(where).where("id", ">", after),
  );
  if (!first) throw new Error("a filter has at least one branch");
  return others
    .reduce((query, branch) => query.unionAll(branch), first)
    .orderBy("id")
    .limit(limit);
}

function toEnvelope(row: Pick<EventRow, (typeof columns)[number]>): Envelope {
  const { id, sandbox_id, session_id, event_type, data, timestamp } = row;
  // The hub wrote `data` with this type, so the two belong together.
  return {
    id: String(id),
    sandbox_id,
    session_id,
    event_type,
    data: JSON.parse(data),
    timestamp,
  } as Envelope;
}
