import type { QueryClient } from "@tanstack/react-query";
import type { Envelope } from "#src/domain/event.ts";
import type { Session } from "#src/domain/session.ts";
import { pendingRequestsQuery } from "#src/web/api/queries/requests.ts";
import { sessionQuery, sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { streamStatus } from "#src/web/api/stream/status.ts";
import { watchLists } from "#src/web/api/stream/watch.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { isLookedAt } from "./looking.ts";
import { isNews, type Notice, type NoticeKind, noticeOf } from "./notice.logic.ts";

/** All tabs hear every event; the one with this lock tells of them. */
const notifierLock = "sandbar.notifier";

export type NotifierDeps = {
  client: QueryClient;
  wanted: () => Readonly<Record<NoticeKind, boolean>>;
  /** The person clicked a notification about the session. */
  onOpen: (session_id: string) => void;
};

/** Shows notifications while this tab is the one that does so. Call the result to stop. */
export function startNotifier(deps: NotifierDeps): () => void {
  const stop = new AbortController();
  const stopped = new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
  const lead = async () => {
    if (stop.signal.aborted) return;
    const unwatch = watchEvents(deps);
    await stopped;
    unwatch();
  };
  void navigator.locks.request(notifierLock, lead);
  return () => stop.abort();
}

function watchEvents({ client, wanted, onOpen }: NotifierDeps): () => void {
  const starts = new Map<string, string>();
  const shown = new Map<string, Notification>();
  let phase = streamStatus.get().phase;
  let openedAt = Date.now();
  const unfollow = streamStatus.subscribe(() => {
    const before = phase;
    phase = streamStatus.get().phase;
    if (phase === "live" && before !== "live") openedAt = Date.now();
  });

  const handle = async (envelope: Envelope) => {
    const { session_id } = envelope;
    if (session_id === null) return;
    // Before the first wait: the lists are about to be fetched again.
    const turn_started_at =
      starts.get(session_id) ?? cachedSession(client, session_id)?.turn_started_at ?? null;
    const now = Date.now();
    if (!isNews({ age: now - Date.parse(envelope.timestamp), sinceOpened: now - openedAt })) return;
    const facts = { wanted: wanted(), isLookedAt: await isLookedAt(session_id), turn_started_at };
    const notice = noticeOf(envelope, facts);
    if (notice && (await stillStands(client, notice))) await tell(notice);
  };

  const tell = async (notice: Notice) => {
    const { session_id, tag, body } = notice;
    const title = await titleOf(client, session_id);
    const notification = new Notification(visibleText(title), { body: visibleText(body), tag });
    shown.set(tag, notification);
    notification.addEventListener("close", () => shown.delete(tag));
    notification.addEventListener("click", () => {
      window.focus();
      notification.close();
      onOpen(session_id);
    });
  };

  const unwatch = watchLists({
    onEvents: (envelopes) => {
      for (const envelope of envelopes) {
        const { event_type, session_id, data } = envelope;
        if (event_type === "turn_started" && session_id) starts.set(session_id, envelope.timestamp);
        // What was answered waits for nobody: its notification goes.
        if (event_type === "permission_response" || event_type === "user_input_response") {
          shown.get(data.request_id)?.close();
        }
        void handle(envelope);
        if (isTurnEnd(envelope) && session_id) starts.delete(session_id);
      }
    },
    onGap: () => starts.clear(),
  });
  return () => {
    unwatch();
    unfollow();
  };
}

function isTurnEnd({ event_type }: Envelope): boolean {
  return event_type === "session_completed" || event_type === "session_failed";
}

/** A request may be answered already, by a rule or by whoever was quicker. */
async function stillStands(client: QueryClient, { kind, tag }: Notice): Promise<boolean> {
  if (kind !== "permission" && kind !== "question") return true;
  try {
    const pending = await client.fetchQuery({ ...pendingRequestsQuery, staleTime: 0 });
    return pending.some(({ id }) => id === tag);
  } catch {
    return true; // not known to be answered: better told once too often than not at all
  }
}

async function titleOf(client: QueryClient, session_id: string): Promise<string> {
  try {
    const session = cachedSession(client, session_id) ?? (await client.fetchQuery(sessionQuery(session_id)));
    return session.title || "Untitled session";
  } catch {
    return "Untitled session"; // the click leads to it all the same
  }
}

function cachedSession(client: QueryClient, session_id: string): Session | undefined {
  return client.getQueryData(sessionsQuery().queryKey)?.items.find(({ id }) => id === session_id);
}
