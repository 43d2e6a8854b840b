import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Navigate, useLocation, useNavigate, useNavigation } from "react-router";
import { messageOf } from "#src/web/api/api-error.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { sandboxesQuery } from "#src/web/api/queries/sandboxes.ts";
import { sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { FirstSandbox } from "#src/web/features/sandboxes/first-sandbox.tsx";
import { paths } from "#src/web/paths.ts";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { preloadCode } from "#src/web/ui/load-code.ts";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";

// On its way before it is known to be wanted, as it mostly is.
preloadCode(() => import("./inbox.tsx"));

/** The first minute while there is nothing; afterwards what waits for a person. */
export function Component() {
  const sandboxes = useQuery(sandboxesQuery());
  const sessions = useQuery(sessionsQuery());
  const backends = useQuery(backendsQuery());
  if (sandboxes.isPending || sessions.isPending || backends.isPending) {
    return (
      <div className="mx-auto w-full max-w-4xl p-4 sm:p-6">
        <SkeletonRows rows={5} rowClassName="h-13" />
      </div>
    );
  }
  if (!sandboxes.data) {
    return (
      <ErrorState
        title="Sandbar could not load its sandboxes"
        text={messageOf(sandboxes.error)}
        onRetry={() => void sandboxes.refetch()}
        retrying={sandboxes.isFetching}
      />
    );
  }
  // Sessions outlive their sandboxes: whoever has history has it before the first card.
  const isEmpty = sandboxes.data.length === 0 && (sessions.data?.items.length ?? 0) === 0;
  return (
    <Start isEmpty={isEmpty} local_id={backends.data?.find(({ kind }) => kind === "local")?.id ?? null} />
  );
}

/** Who begins here stays until the sandbox opens, though the lists know of it a moment earlier. */
function Start({ isEmpty, local_id }: { isEmpty: boolean; local_id: string | null }) {
  const navigate = useNavigate();
  const { search } = useLocation();
  const { state } = useNavigation();
  const [isFirst] = useState(isEmpty);
  // Whoever is on the way to another page, whose part still loads, goes there.
  if (!isFirst && state !== "idle") return null;
  // With the dialog that may be open over this page meanwhile.
  if (!isFirst) return <Navigate to={{ pathname: paths.inbox(), search }} replace />;
  return (
    <div className="p-4 sm:p-6">
      <h1 className="sr-only">Welcome to Sandbar</h1>
      <FirstSandbox
        local_id={local_id}
        onCreated={(sandbox_id) => void navigate(paths.sandbox({ sandbox_id }))}
        onChoose={() => void navigate(paths.newSandbox())}
      />
    </div>
  );
}
