import { Suspense } from "react";
import { useParams } from "react-router";
import { Inbox } from "#src/web/features/inbox/inbox.tsx";
import { lazyPart, preloadCode } from "#src/web/ui/load-code.ts";
import { Skeleton } from "#src/web/ui/skeleton.tsx";

// What draws commands, diffs and rows is large: the list shows without waiting for it, and while it is on its way.
const loadCard = () => import("#src/web/features/requests/request-card.tsx");
const RequestCard = lazyPart(async () => (await loadCard()).RequestCard);
const loadExcerpt = () => import("#src/web/features/transcript/excerpt.tsx");
const RequestExcerpt = lazyPart(async () => (await loadExcerpt()).RequestExcerpt);
preloadCode(loadCard);
preloadCode(loadExcerpt);

export function Component() {
  const { request_id = null } = useParams();
  return (
    <Inbox
      request_id={request_id}
      renderRequest={(open) => (
        <Suspense fallback={<Skeleton className="h-64 rounded-card" />}>
          <RequestCard key={open.request.id} {...open} />
        </Suspense>
      )}
      renderExcerpt={(request) => (
        <Suspense fallback={<Skeleton className="h-16" />}>
          <RequestExcerpt key={request.id} request={request} />
        </Suspense>
      )}
    />
  );
}
