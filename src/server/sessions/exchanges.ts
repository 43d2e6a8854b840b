import type { Exchange } from "#src/backends/backend.ts";

/** How many of a session's exchanges are kept; older ones make room. */
const KEPT = 200;

/** The newest exchanges with the upstream, per session, for the request log. They live in memory only. */
export type Exchanges = {
  add(session_id: string, exchange: Exchange): void;
  of(session_id: string): readonly Exchange[];
  forget(session_id: string): void;
};

export function createExchanges(): Exchanges {
  const kept = new Map<string, Exchange[]>();
  return {
    add(session_id, exchange) {
      const list = kept.get(session_id) ?? [];
      list.push(exchange);
      if (list.length > KEPT) list.shift();
      kept.set(session_id, list);
    },
    of: (session_id) => kept.get(session_id) ?? [],
    forget: (session_id) => {
      kept.delete(session_id);
    },
  };
}
