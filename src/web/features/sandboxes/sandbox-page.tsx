import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { Suspense } from "react";
import { Link, Navigate, useLocation, useNavigate, useSearchParams } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatCount } from "#src/lib/format.ts";
import { isApiError, messageOf } from "#src/web/api/api-error.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { sandboxQuery } from "#src/web/api/queries/sandboxes.ts";
import { paths } from "#src/web/paths.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { buttonClass } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { Tabs } from "#src/web/ui/tabs.tsx";
import { SandboxAgents } from "./sandbox-agents.tsx";
import { SandboxDetails } from "./sandbox-details.tsx";
import { SandboxHeader } from "./sandbox-header.tsx";
import { SandboxOverview } from "./sandbox-overview.tsx";
import { SandboxSessions } from "./sandbox-sessions.tsx";
import { isUnreachable } from "#src/domain/backend-can.ts";
import { SandboxSkeleton } from "./skeletons.tsx";
import { lazyPart } from "#src/web/ui/load-code.ts";

const SandboxFiles = lazyPart(async () => (await import("./files/sandbox-files.tsx")).SandboxFiles);

/** One sandbox: what it is doing, its sessions, its agents, and everything known of it. */
export function SandboxPage({ sandbox_id }: { sandbox_id: string }) {
  const { data: sandbox, error, isPending, isFetching, refetch } = useQuery(sandboxQuery(sandbox_id));
  const { data: backends } = useQuery(backendsQuery());
  const { search } = useLocation();

  return (
    <div className="mx-auto flex min-h-full w-full max-w-6xl flex-col gap-3 p-4 sm:p-6">
      <nav aria-label="Breadcrumb" className="flex items-center gap-1 text-xs text-faint">
        <Link to={paths.sandboxes()} className="rounded-control hover:text-text">
          Sandboxes
        </Link>
        <ChevronRight size={12} aria-hidden />
        <span aria-current="page" className="truncate">
          {sandbox?.name ?? sandbox_id}
        </span>
      </nav>
      {isPending ? (
        <SandboxSkeleton />
      ) : sandbox ? (
        sandbox.id === sandbox_id ? (
          <Loaded
            sandbox={sandbox}
            backend={backends?.find(({ id }) => id === sandbox.backend_id)}
            gone={isApiError(error) && error.status === 404}
          />
        ) : (
          <Navigate to={{ pathname: paths.sandbox({ sandbox_id: sandbox.id }), search }} replace />
        )
      ) : isApiError(error) && error.status === 404 ? (
        <EmptyState
          heading="h1"
          title="There is no such sandbox"
          text="It may have been deleted. Its recorded sessions are still in the list of sessions."
          actions={
            <Link to={paths.sandboxes()} className={buttonClass()}>
              All sandboxes
            </Link>
          }
        />
      ) : (
        <ErrorState
          heading="h1"
          title="The sandbox could not be loaded"
          text={messageOf(error)}
          onRetry={() => void refetch()}
          retrying={isFetching}
        />
      )}
    </div>
  );
}

const tabs = ["overview", "sessions", "files", "agents", "details"] as const;

type LoadedProps = { sandbox: Sandbox; backend: Backend | undefined; gone: boolean };

function Loaded({ sandbox, backend, gone }: LoadedProps) {
  const navigate = useNavigate();
  const [params, setParams] = useSearchParams();
  const tab = tabs.find((name) => name === params.get("tab")) ?? "overview";
  // A folder that was open is the Files tab's and goes with it.
  const showTab = (name: string) => setParams(name === "overview" ? {} : { tab: name });
  const props = { sandbox, backend };

  return (
    <>
      <SandboxHeader {...props} onDeleted={() => void navigate(paths.sandboxes())} />
      {gone && (
        <Banner tone="warning" title="This sandbox was deleted.">
          What you see is the last that was known of it.
        </Banner>
      )}
      {isUnreachable(backend) && backend && (
        <Banner tone="warning" title={`${backend.name} cannot be reached.`}>
          What you see is the last known state. {backend.state_detail}
        </Banner>
      )}
      <Tabs
        label="Sandbox"
        value={tab}
        onValueChange={showTab}
        className="mt-1"
        tabs={[
          { value: "overview", label: "Overview", content: <SandboxOverview {...props} /> },
          {
            value: "sessions",
            label: (
              <>
                Sessions <span className="text-faint">{formatCount(sandbox.session_count)}</span>
              </>
            ),
            content: <SandboxSessions {...props} />,
          },
          {
            value: "files",
            label: "Files",
            content: (
              <Suspense fallback={<SkeletonRows rows={6} label="Loading files" />}>
                <SandboxFiles {...props} />
              </Suspense>
            ),
          },
          { value: "agents", label: "Agents", content: <SandboxAgents {...props} /> },
          { value: "details", label: "Details", content: <SandboxDetails {...props} /> },
        ]}
      />
    </>
  );
}
