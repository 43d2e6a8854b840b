import { useQuery } from "@tanstack/react-query";
import { type ReactNode, Suspense } from "react";
import { useParams } from "react-router";
import type { PendingRequest } from "#src/domain/request.ts";
import { folderOf } from "#src/domain/session-folder.ts";
import { sandboxesQuery } from "#src/web/api/queries/sandboxes.ts";
import { sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { Inbox } from "#src/web/features/inbox/inbox.tsx";
import { FolderContext } from "#src/web/ui/content/folder-context.ts";
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
          <InFolder request={open.request}>
            <RequestCard key={open.request.id} {...open} />
          </InFolder>
        </Suspense>
      )}
      renderExcerpt={(request) => (
        <Suspense fallback={<Skeleton className="h-16" />}>
          <InFolder request={request}>
            <RequestExcerpt key={request.id} request={request} />
          </InFolder>
        </Suspense>
      )}
    />
  );
}

/** Tells the paths in what is inside from the folder that the asking session works in. */
function InFolder({ request, children }: { request: PendingRequest; children: ReactNode }) {
  const { data: sessions } = useQuery(sessionsQuery());
  const { data: sandboxes } = useQuery(sandboxesQuery());
  const session = sessions?.items.find(({ id }) => id === request.session_id);
  const sandbox = sandboxes?.find(({ id }) => id === request.sandbox_id);
  return <FolderContext value={folderOf(session, sandbox)}>{children}</FolderContext>;
}
