import type { PendingRequest } from "#src/domain/request.ts";
import type { Session } from "#src/domain/session.ts";
import { cn } from "#src/web/ui/cn.ts";
import { Kbd } from "#src/web/ui/kbd.tsx";
import { ResolvedRow, WaitingRow } from "./inbox-rows.tsx";
import { placeAmong, resolvedOf, type Triage, waitingCount } from "./triage.logic.ts";

const recentShown = 10;

type InboxListProps = {
  triage: Triage;
  recent: readonly PendingRequest[];
  sessionOf: (request: PendingRequest) => Session | undefined;
  className?: string;
};

/** What waits, the oldest first, and below it what was resolved last. */
export function InboxList({ triage, recent, sessionOf, className }: InboxListProps) {
  const { items, shown } = triage;
  const waiting = waitingCount(triage);
  return (
    <section
      aria-label="Requests"
      className={cn("flex min-h-0 w-full shrink-0 flex-col border-border lg:w-90 lg:border-r", className)}
    >
      <header className="flex h-11 shrink-0 items-center gap-2 px-4">
        <h1 className="text-base font-semibold">Inbox</h1>
        <span className="text-xs text-faint">
          {waiting === 0 ? "nothing waits" : waiting === 1 ? "1 waits for you" : `${waiting} wait for you`}
        </span>
      </header>
      <div className="min-h-0 flex-1 scroll-column px-2 pb-2">
        <ul aria-label="Waiting for you">
          {items.map((item) => {
            const row = {
              request: item.request,
              session: sessionOf(item.request),
              isShown: item.request.id === shown?.id,
            };
            return item.waiting ? (
              <WaitingRow key={item.request.id} {...row} place={placeAmong(items, item)} />
            ) : (
              <ResolvedRow key={item.request.id} {...row} request={resolvedOf(item.request, recent)} />
            );
          })}
        </ul>
        <RecentRequests
          requests={recent.filter(({ id }) => !items.some(({ request }) => request.id === id))}
          sessionOf={sessionOf}
          shown={shown?.id ?? null}
        />
      </div>
      <footer
        aria-label="Keys"
        className="flex h-9 shrink-0 items-center gap-3 border-t border-border px-4 text-xs text-faint max-lg:hidden pointer-coarse:hidden"
      >
        <span>
          <Kbd keys="j" /> <Kbd keys="k" /> move
        </span>
        <span>
          <Kbd keys="enter" /> open
        </span>
        <span>
          <Kbd keys="y" /> allow once
        </span>
        <span>
          <Kbd keys="n" /> reject
        </span>
      </footer>
    </section>
  );
}

type RecentProps = {
  requests: readonly PendingRequest[];
  sessionOf: (request: PendingRequest) => Session | undefined;
  shown: string | null;
};

/** Who decided what of late. */
export function RecentRequests({ requests, sessionOf, shown }: RecentProps) {
  if (requests.length === 0) return null;
  return (
    <section aria-labelledby="recently-resolved" className="pt-3">
      <h2
        id="recently-resolved"
        className="flex h-7 items-center px-2 text-xs font-medium tracking-wide text-faint uppercase"
      >
        Recently resolved
      </h2>
      <ul aria-labelledby="recently-resolved">
        {requests.slice(0, recentShown).map((request) => (
          <ResolvedRow
            key={request.id}
            request={request}
            session={sessionOf(request)}
            isShown={request.id === shown}
          />
        ))}
      </ul>
    </section>
  );
}
