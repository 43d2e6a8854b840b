import { sql } from "kysely";
import type { DomainEvent, Envelope } from "#src/domain/event.ts";
import { insertEvents } from "../store/events.ts";
import type { Db, EventRow } from "../store/schema.ts";
import { toStoreError } from "../store/store-error.ts";
import { isListed } from "./filter.ts";

/** An event on its way into the log. The hub gives it its id and its time. */
export type NewEvent = {
  sandbox_id: string | null;
  session_id: string | null;
  event: DomainEvent;
  /** What the upstream sent, for the Events tab. */
  raw?: unknown;
};

/**
 * Writes that belong to an append: they commit with its events or not at all, and when this throws, only this append
 * fails, with that error. Use the `tx` given and wait for nothing but the store: every other writer waits meanwhile.
 */
export type Alongside = (tx: Db, envelopes: readonly Envelope[]) => Promise<void>;

export type Pending = { events: readonly Prepared[]; alongside: Alongside | undefined };
export type Prepared = { event: DomainEvent; stored: Omit<EventRow, "id" | "timestamp"> };
export type Outcome = { ok: true; envelopes: Envelope[] } | { ok: false; error: unknown };

/** Encodes an event when it is appended, so data that JSON cannot hold fails its own append and no other. */
export function prepare({ sandbox_id, session_id, event, raw }: NewEvent): Prepared {
  return {
    event,
    stored: {
      sandbox_id,
      session_id,
      event_type: event.event_type,
      listed: isListed(event.event_type) ? 1 : 0,
      data: JSON.stringify(event.data),
      raw: raw === undefined ? null : JSON.stringify(raw),
    },
  };
}

/**
 * Writes many appends in one transaction, giving ids from `after` + 1 on without a gap. An append whose `alongside`
 * throws is undone alone; its ids go to the next. A failure of the database itself is thrown: all of it is undone.
 */
export async function writeBatch(
  tx: Db,
  batch: readonly Pending[],
  { after, timestamp, file }: { after: number; timestamp: string; file: string },
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let last = after;
  let rows: EventRow[] = [];
  for (const { events, alongside } of batch) {
    const own = events.map(({ stored }, index) => ({ id: last + 1 + index, ...stored, timestamp }));
    const envelopes = events.map((event, index) => toEnvelope(event, last + 1 + index, timestamp));
    let outcome: Outcome = { ok: true, envelopes };
    if (alongside) {
      await insertEvents(tx, rows);
      rows = [];
      outcome = await writeTogether(tx, file, async () => {
        await insertEvents(tx, own);
        await alongside(tx, envelopes);
        return envelopes;
      });
    } else {
      rows.push(...own);
    }
    if (outcome.ok) last += own.length;
    outcomes.push(outcome);
  }
  await insertEvents(tx, rows);
  return outcomes;
}

async function writeTogether(tx: Db, file: string, write: () => Promise<Envelope[]>): Promise<Outcome> {
  await sql`savepoint append`.execute(tx);
  try {
    const envelopes = await write();
    await sql`release append`.execute(tx);
    return { ok: true, envelopes };
  } catch (error) {
    const storeError = toStoreError(error, file);
    if (storeError) throw storeError;
    await sql`rollback to append`.execute(tx);
    await sql`release append`.execute(tx);
    return { ok: false, error };
  }
}

function toEnvelope({ event, stored }: Prepared, id: number, timestamp: string): Envelope {
  const { sandbox_id, session_id } = stored;
  return { id: String(id), sandbox_id, session_id, ...event, timestamp };
}
