import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { Link } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import { formatCount, formatPlural } from "#src/lib/format.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { paths } from "#src/web/paths.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { buttonClass } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { BackendActions } from "./backend-actions.tsx";
import { BackendSettings } from "./backend-settings.tsx";
import { BackendStateDot, stateAdvice } from "./backend-state.tsx";
import { CapabilityTable } from "./capability-table.tsx";
import { kindLabel } from "./connect.logic.ts";

/** One backend: how it is, what it can do, and how to change or remove it. */
export function BackendPage({ backend_id }: { backend_id: string }) {
  const backends = useQuery(backendsQuery());
  const backend = backends.data?.find(({ id }) => id === backend_id);
  return (
    <div className="mx-auto flex min-h-full w-full max-w-6xl flex-col gap-4 p-4 sm:p-6">
      <nav aria-label="Breadcrumb" className="flex items-center gap-1 text-xs text-faint">
        <Link to={paths.backends()} className="rounded-control hover:text-text">
          Backends
        </Link>
        <ChevronRight size={12} aria-hidden />
        <span aria-current="page" className="truncate">
          {backend?.name ?? backend_id}
        </span>
      </nav>
      {backends.isPending ? (
        <SkeletonRows rows={5} label="Loading the backend" />
      ) : backend ? (
        <Loaded backend={backend} />
      ) : backends.data ? (
        <EmptyState
          heading="h1"
          title="There is no such backend"
          text="It may have been removed. Its recorded sessions are still in the list of sessions."
          actions={
            <Link to={paths.backends()} className={buttonClass()}>
              All backends
            </Link>
          }
        />
      ) : (
        <ErrorState
          heading="h1"
          title="The backend could not be loaded"
          text={messageOf(backends.error)}
          onRetry={() => void backends.refetch()}
          retrying={backends.isFetching}
        />
      )}
    </div>
  );
}

function Loaded({ backend }: { backend: Backend }) {
  const advice = stateAdvice[backend.state];
  return (
    <>
      <header className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="min-w-0 truncate text-xl font-semibold">{backend.name}</h1>
          <BackendStateDot backend={backend} />
          <BackendActions backend={backend} />
        </div>
        <Facts backend={backend} />
      </header>
      {advice && (
        <Banner
          tone={backend.state === "paused" ? "info" : backend.state === "degraded" ? "warning" : "error"}
          title={backend.state_detail ?? undefined}
        >
          {advice}
        </Banner>
      )}
      {backend.last_error && (
        <p className="text-muted">
          Last error, <RelativeTime at={backend.last_error.at} />: {backend.last_error.message}
        </p>
      )}
      <div className="grid gap-x-8 gap-y-6 pt-2 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <section aria-labelledby="can-heading" className="flex min-w-0 flex-col gap-2 max-lg:order-2">
          <h2 id="can-heading" className="font-semibold">
            What works here
          </h2>
          <CapabilityTable capabilities={backend.capabilities} />
        </section>
        <section aria-labelledby="settings-heading" className="flex min-w-0 flex-col gap-2">
          <h2 id="settings-heading" className="font-semibold">
            Connection
          </h2>
          <BackendSettings key={backend.id} backend={backend} />
        </section>
      </div>
    </>
  );
}

function Facts({ backend }: { backend: Backend }) {
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      <span>{kindLabel(backend.kind)}</span>
      {backend.url && <span className="font-mono">{backend.url}</span>}
      {backend.version && <span>version {backend.version}</span>}
      {backend.latency_ms !== null && <span>{formatCount(Math.round(backend.latency_ms))} ms</span>}
      <Link
        to={`${paths.sandboxes()}?${new URLSearchParams({ backend: backend.id })}`}
        className="text-accent underline-offset-2 hover:underline"
      >
        {formatPlural(backend.sandbox_count, "sandbox", "sandboxes")}
      </Link>
      <span>{formatPlural(backend.session_count, "session")}</span>
      {backend.checked_at && (
        <span>
          checked <RelativeTime at={backend.checked_at} />
        </span>
      )}
    </div>
  );
}
