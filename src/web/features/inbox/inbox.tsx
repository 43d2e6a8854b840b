import { useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { Link } from "react-router";
import type { PendingRequest } from "#src/domain/request.ts";
import type { Session } from "#src/domain/session.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { pendingRequestsQuery } from "#src/web/api/queries/requests.ts";
import { sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { paths } from "#src/web/paths.ts";
import { buttonClass } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { StateDot } from "#src/web/ui/state-dot.tsx";
import { requestWords } from "./request-words.logic.ts";

const recentShown = 10;

/** Everything that waits for a person, then where work went on last. */
export function Inbox() {
  const requests = useQuery(pendingRequestsQuery);
  const { data: sessions } = useQuery(sessionsQuery());
  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-6 p-4 sm:p-6">
      <section aria-labelledby="needs-you">
        <h1 id="needs-you" className="pb-3 text-xl font-semibold">
          Needs you
        </h1>
        {requests.isPending ? (
          <SkeletonRows rows={3} rowClassName="h-13" label="Loading requests" />
        ) : !requests.data ? (
          <ErrorState
            title="Requests could not be loaded"
            text={messageOf(requests.error)}
            onRetry={() => void requests.refetch()}
            retrying={requests.isFetching}
          />
        ) : requests.data.length === 0 ? (
          <div className="rounded-card border border-border">
            <EmptyState
              icon={<CircleCheck size={20} />}
              title="Nothing waits for you"
              text="Permissions and questions of every session appear here, the oldest first."
              actions={
                <Link to={paths.newSession()} className={buttonClass({ variant: "primary" })}>
                  New session
                </Link>
              }
            />
          </div>
        ) : (
          <ul className="divide-y divide-border rounded-card border border-border">
            {requests.data.map((request) => (
              <RequestRow
                key={request.id}
                request={request}
                session={sessions?.items.find(({ id }) => id === request.session_id)}
              />
            ))}
          </ul>
        )}
      </section>
      {sessions && sessions.items.length > 0 && <Recent sessions={sessions.items.slice(0, recentShown)} />}
    </div>
  );
}

function RequestRow({ request, session }: { request: PendingRequest; session: Session | undefined }) {
  const words = requestWords(request);
  const isPermission = request.kind === "permission";
  return (
    <li className="flex items-center gap-3 px-3 py-2">
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-2">
          <StateDot
            tone={isPermission ? "permission" : "question"}
            label={isPermission ? "Permission" : "Question"}
          />
          <span
            className={isPermission ? "truncate font-mono text-code" : "truncate font-medium"}
            title={words}
          >
            {words}
          </span>
        </div>
        <p className="truncate pl-5.5 text-xs text-faint">
          {session?.title || "Untitled session"} · {request.agent}
          {session && ` · ${session.sandbox_name}`} · <RelativeTime at={request.created_at} />
        </p>
      </div>
      <Link
        to={paths.session({ session_id: request.session_id })}
        aria-label={`Answer ${words}`}
        className={buttonClass({ size: "sm" })}
      >
        Answer
      </Link>
    </li>
  );
}

function Recent({ sessions }: { sessions: readonly Session[] }) {
  return (
    <section aria-labelledby="recent">
      <h2 id="recent" className="pb-3 text-lg font-semibold">
        Recent sessions
      </h2>
      <ul className="divide-y divide-border rounded-card border border-border">
        {sessions.map((session) => (
          <li key={session.id}>
            <Link
              to={paths.session({ session_id: session.id })}
              className="flex h-9 items-center gap-3 px-3 ring-inside transition-colors hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate">{session.title || "Untitled session"}</span>
              <span className="truncate text-xs text-faint max-sm:hidden">
                {session.agent} · {session.sandbox_name}
              </span>
              <RelativeTime
                at={session.last_activity_at}
                className="w-24 shrink-0 text-right text-xs text-faint"
              />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
