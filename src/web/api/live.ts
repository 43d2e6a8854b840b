import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import type { Envelope } from "#src/domain/event.ts";
import { backendKeys } from "./queries/backends.ts";
import { requestKeys } from "./queries/requests.ts";
import { sandboxKeys } from "./queries/sandboxes.ts";
import { secretKeys } from "./queries/secrets.ts";
import { sessionKeys } from "./queries/sessions.ts";
import { tokenKeys } from "./queries/tokens.ts";
import { browserClock, type Clock } from "./stream/clock.ts";
import { onReconnected } from "./stream/reconnected.ts";
import { watchLists } from "./stream/watch.ts";

/** The first event of a burst is answered at once, the rest together after this. */
const pauseMs = 500;

/** A part of the cache that an event made old; `exact` leaves what nests below it alone. */
export type Stale = { queryKey: QueryKey; exact: boolean };

const tree = (queryKey: QueryKey): Stale => ({ queryKey, exact: false });
const only = (queryKey: QueryKey): Stale => ({ queryKey, exact: true });

/** Keeps the cached lists true while somebody is signed in. Call the result to stop. */
export function keepCacheLive(client: QueryClient): () => void {
  const refresher = createRefresher(browserClock, ({ queryKey, exact }) => {
    void client.invalidateQueries({ queryKey, exact });
  });
  const unwatch = watchLists({
    onEvents: (envelopes) => refresher.add(envelopes.flatMap(staleAfter)),
    onGap: () => void client.invalidateQueries(),
  });
  const stopMending = onReconnected(() => void fetchMissed(client));
  return () => {
    stopMending();
    unwatch();
    refresher.stop();
  };
}

/**
 * Fetches what failed while the server was away: the event that asked for it does not come again. A first answer that is
 * still awaited may be one that was lost without a word, so it is asked for anew too.
 */
export async function fetchMissed(client: QueryClient): Promise<void> {
  const queries = client.getQueryCache().findAll({
    type: "active",
    predicate: ({ state }) =>
      state.status === "error" || state.isInvalidated || state.fetchStatus === "fetching",
  });
  const missed = new Set(queries.map(({ queryHash }) => queryHash));
  const filter = { predicate: ({ queryHash }: Query) => missed.has(queryHash) };
  await client.cancelQueries(filter);
  await client.invalidateQueries(filter);
}

/** What an event made old. */
export function staleAfter(envelope: Envelope): Stale[] {
  const { session_id, sandbox_id } = envelope;
  const session = [tree(sessionKeys.lists), ...(session_id ? [only(sessionKeys.one(session_id))] : [])];
  const sandbox = [only(sandboxKeys.list), ...(sandbox_id ? [only(sandboxKeys.one(sandbox_id))] : [])];
  switch (envelope.event_type) {
    case "permission_request":
    case "permission_response":
    case "user_input_request":
    case "user_input_response":
    case "session_completed":
    case "session_failed":
      return [tree(requestKeys.all), ...session, ...sandbox];
    case "turn_started":
    case "session_created":
      return [...session, ...sandbox];
    case "session_updated":
    case "queue_updated":
    case "stop_requested":
      return session;
    case "sandbox_created":
    case "sandbox_updated":
    case "provisioning_step":
      return sandbox;
    case "sandbox_state_changed":
    case "provisioning_complete":
    case "provisioning_failed":
      return [...sandbox, ...(sandbox_id ? [tree(sandboxKeys.one(sandbox_id))] : []), ...session];
    case "backend_state_changed":
      return [tree(backendKeys.all), only(sandboxKeys.list), tree(sessionKeys.lists)];
    case "list_changed":
      return [staleList(envelope.data.list, sandbox_id)];
    default:
      return [];
  }
}

function staleList(
  list: "secrets" | "credentials" | "backends" | "tokens" | "agents",
  sandbox_id: string | null,
): Stale {
  switch (list) {
    case "secrets":
    case "credentials":
      return tree(secretKeys.all);
    case "backends":
      return tree(backendKeys.all);
    case "tokens":
      return tree(tokenKeys.all);
    case "agents":
      return tree(sandbox_id ? sandboxKeys.agents(sandbox_id) : sandboxKeys.all);
    default:
      return list satisfies never;
  }
}

/** Refreshes each part at most twice a second however many events concern it. */
export function createRefresher(clock: Clock, refresh: (stale: Stale) => void) {
  const waiting = new Map<string, Stale>();
  let isPausing = false;
  let cancel = () => {};

  const flush = () => {
    isPausing = waiting.size > 0;
    if (!isPausing) return;
    const due = [...waiting.values()];
    waiting.clear();
    cancel = clock.after(pauseMs, flush);
    for (const stale of due) refresh(stale);
  };

  return {
    add: (stale: readonly Stale[]) => {
      for (const one of stale) waiting.set(JSON.stringify(one), one);
      if (!isPausing) flush();
    },
    stop: () => cancel(),
  };
}
