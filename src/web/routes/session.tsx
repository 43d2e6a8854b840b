import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "react-router";
import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { sessionQuery, sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { paths } from "#src/web/paths.ts";
import { buttonClass } from "#src/web/ui/button.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { SessionView } from "./session-page/session-view.tsx";

export function Component() {
  const { session_id = "" } = useParams();
  const client = useQueryClient();
  const {
    data: session,
    error,
    refetch,
    isFetching,
  } = useQuery({
    ...sessionQuery(session_id),
    // The list has it already, so the page is there, and its transcript on the way, with the click.
    placeholderData: () =>
      client.getQueryData(sessionsQuery().queryKey)?.items.find(({ id }) => id === session_id),
  });
  if (session) return <SessionView key={session.id} session={session} />;
  if (isApiError(error) && error.status === 404) {
    return (
      <ErrorState
        title="There is no such session"
        text="It was deleted with its sandbox, or the address is wrong."
        actions={
          <Link to={paths.home()} className={buttonClass()}>
            Go to the sessions
          </Link>
        }
      />
    );
  }
  if (error) {
    return (
      <ErrorState
        title="The session could not be loaded"
        text={messageOf(error)}
        onRetry={() => void refetch()}
        retrying={isFetching}
      />
    );
  }
  return (
    <div className="mx-auto w-full max-w-4xl px-4 pt-6 md:px-6">
      <SkeletonRows rows={6} rowClassName="h-12" label="Loading the session" />
    </div>
  );
}
