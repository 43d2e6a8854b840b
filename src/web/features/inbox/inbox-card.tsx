import { useQuery } from "@tanstack/react-query";
import { ChevronLeft } from "lucide-react";
import type { ReactNode, Ref } from "react";
import { Link } from "react-router";
import type { PendingRequest } from "#src/domain/request.ts";
import type { Session } from "#src/domain/session.ts";
import { requestWords } from "#src/transcript/request-words.ts";
import { sessionQuery } from "#src/web/api/queries/sessions.ts";
import { paths } from "#src/web/paths.ts";
import { buttonClass } from "#src/web/ui/button.tsx";
import { cn } from "#src/web/ui/cn.ts";
import { ScrollRegion } from "#src/web/ui/content/scroll-region.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import type { OpenRequest } from "./inbox.tsx";
import { placeAmong, resolvedOf, type Triage } from "./triage.logic.ts";

type InboxCardProps = Pick<OpenRequest, "keys" | "onAnswered"> & {
  ref: Ref<HTMLElement>;
  triage: Triage;
  recent: readonly PendingRequest[] | undefined;
  sessionOf: (request: PendingRequest) => Session | undefined;
  renderRequest: (open: OpenRequest) => ReactNode;
  renderExcerpt: (request: PendingRequest) => ReactNode;
  className?: string;
};

/** The place of the open request, beside the list or, where there is no room, instead of it. */
export function InboxCard(props: InboxCardProps) {
  const { ref, triage, recent, sessionOf, keys, onAnswered, renderRequest, renderExcerpt, className } = props;
  const item = triage.items.find(({ request }) => request.id === triage.shown?.id);
  const known = item?.request ?? recent?.find(({ id }) => id === triage.shown?.id);
  const request = known && !item?.waiting ? resolvedOf(known, recent ?? []) : known;
  const place = item ? placeAmong(triage.items, item) : null;
  const listed = request && sessionOf(request);
  // The list leaves out what is archived and what is very old.
  const { data: fetched } = useQuery({
    ...sessionQuery(request?.session_id ?? ""),
    enabled: request !== undefined && !listed,
  });
  return (
    <div className={cn("flex min-h-0 min-w-0 flex-1 flex-col p-3 sm:p-4 lg:p-6", className)}>
      <Link
        to={paths.inbox()}
        className={cn(buttonClass({ variant: "ghost", size: "sm" }), "mb-2 self-start lg:hidden")}
      >
        <ChevronLeft size={14} aria-hidden /> Inbox
      </Link>
      <section
        ref={ref}
        tabIndex={-1}
        aria-label={request ? visibleText(requestWords(request)) : "Request"}
        className="mx-auto flex min-h-0 w-full max-w-3xl flex-col rounded-card"
      >
        {request && triage.shown
          ? renderRequest({
              request,
              waiting: item?.waiting ?? false,
              session: listed ?? fetched,
              since: triage.shown.since,
              aside: place && (
                <span className="text-xs font-normal text-faint">
                  {place.place} of {place.total} in this session
                </span>
              ),
              keys,
              onAnswered,
            })
          : recent && (
              <EmptyState
                title="This request does not wait any more"
                text="It was resolved a while ago; its session still tells how."
              />
            )}
      </section>
      {request && (
        <div className="mx-auto mt-4 flex min-h-32 w-full max-w-3xl flex-1 flex-col">
          <h3 className="px-1 font-medium text-muted">What led to it</h3>
          {/* Begins at its end, which is what the request follows on. */}
          <ScrollRegion label="What led to it" className="flex min-h-0 flex-col-reverse scroll-column">
            <div className="mb-auto flex flex-col px-1">{renderExcerpt(request)}</div>
          </ScrollRegion>
        </div>
      )}
    </div>
  );
}
