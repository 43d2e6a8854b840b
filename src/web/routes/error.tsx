import { useEffect } from "react";
import { isRouteErrorResponse, Link, useRouteError } from "react-router";
import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { paths } from "#src/web/paths.ts";
import { Button, buttonClass } from "#src/web/ui/button.tsx";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { isNotFetched } from "#src/web/ui/load-code.ts";
import { NotFound } from "./not-found.tsx";

/** What stands in place of a page that failed. */
export function ErrorPage() {
  const error = useRouteError();
  const missing =
    (isApiError(error) && error.status === 404) || (isRouteErrorResponse(error) && error.status === 404);
  useEffect(() => {
    if (!missing) document.title = "Error · Sandbar";
  }, [missing]);
  if (missing) return <NotFound />;

  const details = detailsOf(error);
  return (
    <div className="mx-auto flex h-full max-w-2xl flex-col justify-center p-4">
      <ErrorState
        heading="h1"
        title={isNotFetched(error) ? "A part of this page did not come" : "This page stopped working"}
        text={
          isNotFetched(error)
            ? "Sandbar was updated, or the network lost it. Reload to go on; nothing is lost."
            : messageOf(error)
        }
        actions={
          <>
            <Button variant="primary" onClick={() => window.location.reload()}>
              Reload
            </Button>
            <Link to={paths.home()} reloadDocument className={buttonClass()}>
              Go to the start page
            </Link>
          </>
        }
      />
      <Disclosure summary="Details for a report">
        <div className="flex items-start gap-2 rounded-control border border-border bg-surface p-2">
          <pre className="max-h-64 min-w-0 flex-1 overflow-auto font-mono whitespace-pre-wrap">{details}</pre>
          <CopyButton text={details} label="Copy details" />
        </div>
      </Disclosure>
    </div>
  );
}

function detailsOf(error: unknown): string {
  const lines = [`${window.location.pathname} at ${new Date().toISOString()}`, navigator.userAgent];
  if (isApiError(error)) lines.push(`${error.status} ${error.code}`);
  lines.push(error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error, null, 2));
  return lines.join("\n");
}
