import { ArrowUpRight } from "lucide-react";
import type { ReactNode, RefObject } from "react";
import { Link } from "react-router";
import type { PendingRequest } from "#src/domain/request.ts";
import type { Session } from "#src/domain/session.ts";
import { paths } from "#src/web/paths.ts";
import { buttonClass } from "#src/web/ui/button.tsx";
import { cn } from "#src/web/ui/cn.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { triageBindings } from "./permission.logic.ts";
import type { KeyTarget } from "./permission-panel.tsx";
import { RequestPanel } from "./request-panel.tsx";
import { RequestTitle } from "./request-summary.tsx";
import { RequestOutcome } from "./request-outcome.tsx";
import { useArmed } from "./use-armed.ts";

/** Cards load behind the page: whatever waited before, none of it was to be seen. */
const loadedAt = performance.now();

type RequestCardProps = {
  request: PendingRequest;
  /** False once it is resolved: the card says how instead of asking. */
  waiting: boolean;
  session: Session | undefined;
  /** From when on its grace is counted, in milliseconds of `performance.now()`. */
  since: number;
  /** Beside the title: its place among others. */
  aside: ReactNode;
  keys: RefObject<KeyTarget | null>;
  onAnswered: (id: string) => void;
};

/** A request on a page of its own: who asks, where, for how long, everything it is about, and the answers. */
export function RequestCard({ request, waiting, session, since, aside, keys, onAnswered }: RequestCardProps) {
  const armed = useArmed(Math.max(since, loadedAt));
  return (
    <div className="flex max-h-full flex-col overflow-hidden rounded-card border border-border bg-raised">
      <header className="beside-scroll shrink-0 px-4 py-3">
        <div className="flex items-start gap-3">
          <h2 className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2 text-lg font-semibold">
            <RequestTitle request={request} waiting={waiting} />
            {aside}
          </h2>
          <Link
            to={paths.session({ session_id: request.session_id })}
            className={cn(buttonClass({ variant: "ghost", size: "sm" }), "-my-0.5 -mr-2")}
          >
            Open session <ArrowUpRight size={14} aria-hidden />
          </Link>
        </div>
        <Place request={request} session={session} waiting={waiting} />
      </header>
      {waiting ? (
        <RequestPanel
          request={request}
          armed={armed}
          keys={keys}
          bindings={triageBindings}
          onAnswered={onAnswered}
        />
      ) : (
        <RequestOutcome request={request} />
      )}
    </div>
  );
}

function Place({ request, session, waiting }: Pick<RequestCardProps, "request" | "session" | "waiting">) {
  const directory = request.kind === "permission" ? null : session?.directory;
  return (
    <p className="mt-0.5 text-muted">
      <bdi className="font-medium text-text">{visibleText(session?.title || "Untitled session")}</bdi>
      {" · "}
      {visibleText(request.agent)}
      {session && ` in ${visibleText(session.sandbox_name)}`}
      {directory && ` · ${visibleText(directory)}`}
      {waiting ? " · waits for " : " · asked "}
      <RelativeTime at={request.created_at} short={waiting} />
      {waiting && request.expires_at && (
        <>
          {" · expires "}
          <RelativeTime at={request.expires_at} />
        </>
      )}
    </p>
  );
}
