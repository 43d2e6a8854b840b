import { join } from "node:path";
import { isListed } from "#src/server/events/filter.ts";
import { insertEvents, newestEventId } from "#src/server/store/events.ts";
import { openStore } from "#src/server/store/open.ts";
import { codingSession } from "./coding-session.ts";

export { LAST_WORDS } from "./coding-session.ts";

const EVENTS_PER_TRANSACTION = 10_000;

type Seed = { session_id: string; sandbox_id: string; rows: number };

/** Writes logs of a number of rows for sessions that exist, into the store of a server that does not run. */
export async function seedSessions(dataDir: string, seeds: readonly Seed[]): Promise<void> {
  const store = await openStore(join(dataDir, "sandbar.db"));
  let id = await newestEventId(store.db);
  for (const { session_id, sandbox_id, rows } of seeds) {
    const events = codingSession(rows).map(({ event_type, data, timestamp }) => {
      id += 1;
      const listed = isListed(event_type) ? 1 : 0;
      return {
        id,
        sandbox_id,
        session_id,
        event_type,
        listed,
        data: JSON.stringify(data),
        raw: null,
        timestamp,
      };
    });
    for (let start = 0; start < events.length; start += EVENTS_PER_TRANSACTION) {
      const part = events.slice(start, start + EVENTS_PER_TRANSACTION);
      await store.db.transaction().execute((tx) => insertEvents(tx, part));
    }
  }
  await store.close();
}
