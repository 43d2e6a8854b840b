import { useQuery } from "@tanstack/react-query";
import { startTransition, Suspense, useEffect, useMemo, useState } from "react";
import type { PendingRequest } from "#src/domain/request.ts";
import { pendingRequestsQuery } from "#src/web/api/queries/requests.ts";
import { lazyPart, preloadCode } from "#src/web/ui/load-code.ts";

const load = () => import("./pending-requests.tsx");
const PendingRequests = lazyPart(async () => (await load()).PendingRequests);

/** When the page is at rest, so that a request is shown at once when it comes. */
const PRELOAD_MS = 1000;

type SessionRequestsProps = {
  session_id: string;
  sandbox_name: string;
  onResolvedElsewhere: (request: PendingRequest) => void;
};

/** The requests of one session. What shows them loads behind the page, and stays once there was one. */
export function SessionRequests({ session_id, ...props }: SessionRequestsProps) {
  const { data } = useQuery(pendingRequestsQuery);
  const pending = useMemo(
    () => data?.filter((request) => request.session_id === session_id) ?? [],
    [data, session_id],
  );
  const [hadSome, setHadSome] = useState(false);
  const hasSome = pending.length > 0;
  useEffect(() => {
    // In a transition, because React holds back what a Suspense fallback stood in for.
    if (hasSome) startTransition(() => setHadSome(true));
  }, [hasSome]);
  useEffect(() => {
    const timer = setTimeout(() => preloadCode(load), PRELOAD_MS);
    return () => clearTimeout(timer);
  }, []);
  return <Suspense>{hadSome && <PendingRequests pending={pending} {...props} />}</Suspense>;
}
