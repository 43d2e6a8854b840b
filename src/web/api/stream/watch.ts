import type { Envelope } from "#src/domain/event.ts";
import { ApiError } from "#src/web/api/api-error.ts";
import { call, target } from "#src/web/api/call.ts";
import { randomName } from "#src/web/api/random-name.ts";
import { reportSignedOut } from "#src/web/api/signed-out.ts";
import { browserClock } from "./clock.ts";
import type { Diagnosis, Source } from "./connection.ts";
import { Hub, type ListHandlers } from "./hub.ts";
import { startLeader } from "./leader.ts";
import type { SessionHandlers } from "./session-reader.ts";
import { createSilence } from "./silence.ts";
import { streamStatus } from "./status.ts";
import type { Bus } from "./messages.ts";
import { type Locks, openBus, holdTabLock, standForLeader, whenTabGone } from "./tabs.ts";

/** A leader that says nothing for this long, not even that it lives, is replaced. */
const muteLeaderMs = 60_000;

/** Null while this tab takes no part, as before a sign-in. */
let bus: Bus | null = null;

const hub = new Hub({
  bus: {
    post: (message) => bus?.post(message),
    tell: (message) => bus?.tell(message),
    subscribe: (listener) => bus?.subscribe(listener) ?? (() => {}),
  },
  status: streamStatus,
  fetchEvents,
  onSignedOut: reportSignedOut,
});

/**
 * Gives every event of a session with an id above `cursor`, once each and in order, across reconnects and changes of
 * the leading tab. Call the result to stop.
 */
export function watchSession(session_id: string, cursor: string, handlers: SessionHandlers): () => void {
  return hub.watchSession(session_id, cursor, handlers);
}

/** Gives the list-level events of everything. Call the result to stop. */
export function watchLists(handlers: ListHandlers): () => void {
  return hub.watchLists(handlers);
}

/** Tries to connect at once if the stream is down. */
export function retryStream(): void {
  bus?.post({ type: "nudge" });
}

/** Joins the browser's stream; the page does so while somebody is signed in. Call the result to leave. */
export function joinStream(): () => void {
  const locks: Locks = navigator.locks;
  const tab = randomName();
  const opened = openBus(locks);
  bus = opened;
  const releaseTab = holdTabLock(locks, tab);
  const leaveHub = hub.join(tab);
  const candidate = standForLeader(locks, () => lead(opened, locks, tab));
  const stopExpecting = expectLeader(opened, candidate.steal);

  const handleReturn = () => document.visibilityState === "visible" && retryStream();
  window.addEventListener("online", retryStream);
  document.addEventListener("visibilitychange", handleReturn);
  return () => {
    window.removeEventListener("online", retryStream);
    document.removeEventListener("visibilitychange", handleReturn);
    stopExpecting();
    candidate.stop();
    leaveHub();
    releaseTab();
    opened.close();
    bus = null;
  };
}

function lead(opened: Bus, locks: Locks, tab: string): () => void {
  const leader = startLeader({
    bus: opened,
    name: randomName(),
    // The clock tells a tab that has heard of no leader yet; where it was set back, the tabs that have tell.
    term: Math.max(browserClock.now(), hub.term + 1),
    url: target("GET /stream").url,
    position: hub.position,
    tab,
    whenGone: (other, action) => whenTabGone(locks, other, action),
    openSource,
    diagnose,
    clock: browserClock,
    random: Math.random,
  });
  return leader.stop;
}

/** Watches over the leader: one whose tab is frozen keeps its lock and says nothing. */
function expectLeader(opened: Bus, replace: () => void): () => void {
  const silence = createSilence(browserClock, () => {
    replace();
    silence.await(muteLeaderMs);
  });
  const unsubscribe = opened.subscribe(silence.heard);
  silence.await(muteLeaderMs);
  return () => {
    silence.stop();
    unsubscribe();
  };
}

function openSource(url: string): Source {
  const source = new EventSource(url);
  return {
    addEventListener: (name, listener) => source.addEventListener(name, listener),
    close: () => source.close(),
  };
}

async function diagnose(): Promise<Diagnosis> {
  try {
    await call("GET /me", { signal: AbortSignal.timeout(10_000) });
    return { kind: "answers" };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return { kind: "signed_out" };
    return { kind: "unreachable", reason: "Sandbar's server does not answer." };
  }
}

async function fetchEvents(session_id: string, after: string) {
  const page = await call("GET /sessions/{session_id}/events", {
    params: { session_id },
    query: { after, limit: "1000" },
  });
  // The contract leaves `data` open for OpenAPI; the log holds the same envelopes as the stream.
  return { items: page.items as Envelope[], next_cursor: page.next_cursor };
}
