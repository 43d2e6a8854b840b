import { useQuery } from "@tanstack/react-query";
import { Cable, Plus } from "lucide-react";
import { useNavigate, useSearchParams } from "react-router";
import { messageOf } from "#src/web/api/api-error.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { paths } from "#src/web/paths.ts";
import { Button } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { BackendsTable } from "./backends-table.tsx";
import { ConnectDialog } from "./connect-dialog.tsx";

/** The systems that sandboxes run on. */
export function BackendsPage() {
  const navigate = useNavigate();
  const backends = useQuery(backendsQuery());
  const [params, setParams] = useSearchParams();
  const setConnecting = (open: boolean) =>
    setParams(
      (current) => {
        if (open) current.set("new", "");
        else current.delete("new");
        return current;
      },
      { replace: !open },
    );
  const connect = (
    <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={() => setConnecting(true)}>
      Connect a backend
    </Button>
  );
  return (
    <div className="mx-auto flex min-h-full w-full max-w-6xl flex-col gap-3 p-4 sm:p-6">
      <header className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="text-xl font-semibold">Backends</h1>
          <p className="max-w-3xl text-muted">
            The systems that sandboxes run on: this machine, and what you connect.
          </p>
        </div>
        {connect}
      </header>
      {backends.isPending ? (
        <SkeletonRows rows={3} rowClassName="h-13" label="Loading backends" />
      ) : !backends.data ? (
        <ErrorState
          title="Backends could not be loaded"
          text={messageOf(backends.error)}
          onRetry={() => void backends.refetch()}
          retrying={backends.isFetching}
        />
      ) : backends.data.length === 0 ? (
        <EmptyState
          icon={<Cable size={20} />}
          title="Nothing is connected"
          text="Connect a Sandbox Agent server, Amika or a Sessions API with its address and a token."
          actions={connect}
        />
      ) : (
        <BackendsTable backends={backends.data} />
      )}
      <ConnectDialog
        open={params.has("new")}
        onOpenChange={setConnecting}
        onConnected={(backend_id) => void navigate(paths.backend({ backend_id }))}
      />
    </div>
  );
}
