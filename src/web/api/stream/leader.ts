import { type ConnectionDeps, createConnection } from "./connection.ts";
import type { Bus } from "./messages.ts";

/** How long a new leader waits for the other tabs to say what they read. */
const rollCallMs = 30;

export type LeaderDeps = ConnectionDeps & {
  bus: Bus;
  /** The tab that leads, as it is called in `wants`. */
  tab: string;
  /** Higher than that of every leader before it. */
  term: number;
  /** Names this leader: no other tab has the same, nor had this one before. */
  name: string;
  /** Address of the stream without its query. */
  url: string;
  /** The last event this tab has heard of; null for none. */
  position: string | null;
  /** Calls back when another tab is gone; its wishes go with it. */
  whenGone: (tab: string, action: () => void) => void;
};

/**
 * Holds the browser's one stream: it names the sessions that any tab reads, opens again when another one joins, and says
 * from which event on it carries everything (`opened`), so that each reader knows whether it must catch up first.
 */
export function startLeader(deps: LeaderDeps): { stop: () => void } {
  const { bus, term } = deps;
  const wants = new Map<string, readonly string[]>();
  let { position } = deps;
  let openings = 0;
  /** The sessions of the stream as last asked for; null before the first opening. */
  let sessions: readonly string[] | null = null;
  let isOpen = false;

  const others = () => wants.size > (wants.has(deps.tab) ? 1 : 0);
  const stream = () => `${deps.name}.${openings}`;

  const connection = createConnection(deps, {
    url: () => {
      isOpen = false;
      openings += 1;
      sessions = union(wants);
      const query = new URLSearchParams();
      if (sessions.length > 0) query.set("sessions", sessions.join(","));
      if (position !== null) query.set("after", position);
      return query.size > 0 ? `${deps.url}?${query}` : deps.url;
    },
    onResume: ({ status, cursor }) => {
      const gap = status === "gap";
      position = gap ? cursor : (position ?? cursor);
      isOpen = true;
      announce(gap);
    },
    onEvent: (envelope) => {
      position = envelope.id;
      // A channel clones every message, also when nobody listens. A tab that comes later says so first, and then hears
      // from which event on the stream is its own.
      const send = others() ? bus.post : bus.tell;
      send({ type: "event", stream: stream(), envelope });
    },
    onStatus: (status) => bus.post({ type: "status", term, status }),
    onSignedOut: () => bus.post({ type: "signed_out" }),
  });

  const stop = () => {
    cancel();
    unsubscribe();
    connection.close();
  };

  const announce = (gap: boolean) => {
    if (position === null || sessions === null) return;
    bus.post({ type: "opened", term, stream: stream(), sessions, from: position, gap });
  };

  const unsubscribe = bus.subscribe((message) => {
    // Another tab found this one mute and leads now.
    if (message.type === "roll_call" && message.term > term) return stop();
    if (message.type === "nudge") connection.nudge();
    if (message.type !== "wants") return;
    if (!wants.has(message.tab) && message.tab !== deps.tab) {
      deps.whenGone(message.tab, () => wants.delete(message.tab));
    }
    wants.set(message.tab, message.sessions);
    if (sessions === null) return;
    const open = new Set(sessions);
    if (!message.sessions.every((session) => open.has(session))) connection.open();
    else if (isOpen) announce(false);
    bus.post({ type: "status", term, status: connection.status() });
  });

  bus.post({ type: "roll_call", term });
  const cancel = deps.clock.after(rollCallMs, connection.open);

  return { stop };
}

function union(wants: ReadonlyMap<string, readonly string[]>): string[] {
  return [...new Set([...wants.values()].flat())].sort();
}
