import { CircleCheck } from "lucide-react";
import { Link } from "react-router";
import type { PendingRequest } from "#src/domain/request.ts";
import type { Session } from "#src/domain/session.ts";
import { paths } from "#src/web/paths.ts";
import { buttonClass } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { RecentRequests } from "./inbox-list.tsx";

type NothingWaitsProps = {
  recent: readonly PendingRequest[];
  sessionOf: (request: PendingRequest) => Session | undefined;
};

/** The inbox while nobody is needed. */
export function NothingWaits({ recent, sessionOf }: NothingWaitsProps) {
  return (
    <div className="mx-auto w-full max-w-2xl p-4 sm:p-6">
      <h1 className="sr-only">Inbox</h1>
      <div className="pb-4">
        <EmptyState
          icon={<CircleCheck size={28} strokeWidth={1.5} className="text-working" />}
          title="Nothing waits for you"
          text="Permissions and questions of every session come here, the oldest first, and are answered here."
          actions={
            <Link to={paths.newSession()} className={buttonClass()}>
              New session
            </Link>
          }
        />
      </div>
      <RecentRequests requests={recent} sessionOf={sessionOf} shown={null} />
    </div>
  );
}
