import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatCount } from "#src/lib/format.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import { sandboxesQuery } from "#src/web/api/queries/sandboxes.ts";
import { useStreamStatus } from "#src/web/api/stream/use-stream-status.ts";
import { paths } from "#src/web/paths.ts";
import { Button } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { useIsWide } from "#src/web/ui/use-is-wide.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { CreateSheet } from "./create-sheet.tsx";
import { FilterBar, FilterChips } from "./filter-bar.tsx";
import { FirstSandbox } from "./first-sandbox.tsx";
import { SandboxCards } from "./sandbox-cards.tsx";
import { applyFilter, clearFilter, isNarrowed, stateCounts } from "./sandbox-filter.logic.ts";
import { SandboxTable } from "./sandbox-table.tsx";
import { SandboxesSkeleton } from "./skeletons.tsx";
import { useSandboxFilter } from "./use-sandbox-filter.ts";

const rowsAtFirst = 100;

/** Every sandbox of every backend: find, start, stop, delete. */
export function SandboxesPage() {
  const navigate = useNavigate();
  const sandboxes = useQuery(sandboxesQuery());
  const backends = useQuery(backendsQuery());
  const [params, setParams] = useSearchParams();
  const creating = params.has("new");
  const isEmpty = sandboxes.data?.length === 0;

  const setCreating = (open: boolean) =>
    setParams(
      (current) => {
        if (open) current.set("new", "");
        else current.delete("new");
        return current;
      },
      { replace: !open },
    );
  const goTo = (sandbox_id: string) => void navigate(paths.sandbox({ sandbox_id }));
  const openCreate = () => setCreating(true);

  return (
    <div className="mx-auto flex min-h-full w-full max-w-6xl flex-col gap-3 p-4 sm:p-6">
      <header className="flex items-center gap-3">
        <h1 className="flex-1 text-xl font-semibold">Sandboxes</h1>
        {!isEmpty && (
          <Button variant="primary" icon={<Plus size={16} aria-hidden />} onClick={openCreate}>
            New sandbox
          </Button>
        )}
      </header>
      {sandboxes.isPending ? (
        <SandboxesSkeleton />
      ) : !sandboxes.data ? (
        <ErrorState
          title="Sandboxes could not be loaded"
          text={messageOf(sandboxes.error)}
          onRetry={() => void sandboxes.refetch()}
          retrying={sandboxes.isFetching}
        />
      ) : isEmpty ? (
        <FirstSandbox
          local_id={backends.data?.find(({ kind }) => kind === "local")?.id ?? null}
          onCreated={goTo}
          onChoose={openCreate}
        />
      ) : (
        <SandboxList sandboxes={sandboxes.data} />
      )}
      <CreateSheet open={creating} onOpenChange={setCreating} onCreated={goTo} />
    </div>
  );
}

function SandboxList({ sandboxes }: { sandboxes: readonly Sandbox[] }) {
  const { data: backends = [] } = useQuery(backendsQuery());
  const isWide = useIsWide();
  const [filter, setFilter] = useSandboxFilter();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [limit, setLimit] = useState(rowsAtFirst);
  const found = useMemo(() => applyFilter(sandboxes, filter), [sandboxes, filter]);
  const byId = useMemo(() => new Map(backends.map((backend) => [backend.id, backend])), [backends]);

  const select = (sandbox_ids: readonly string[], chosen: boolean) => {
    const next = new Set(selected);
    for (const id of sandbox_ids) {
      if (chosen) next.add(id);
      else next.delete(id);
    }
    setSelected(next);
  };
  const shown = found.slice(0, limit);
  const list = { sandboxes: shown, backends: byId, selected, onSelect: select };

  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-80">
          <FilterBar filter={filter} onChange={setFilter} sandboxes={sandboxes} backends={backends} />
        </div>
        <Counts found={found} total={sandboxes.length} />
      </div>
      <FilterChips filter={filter} onChange={setFilter} backends={backends} />
      <BulkBar
        selected={found.filter(({ id }) => selected.has(id))}
        backends={byId}
        onClear={() => setSelected(new Set())}
      />
      {found.length === 0 ? (
        <EmptyState
          title="No sandbox matches"
          text={`None of the ${formatCount(sandboxes.length)} sandboxes fits the search and filters.`}
          actions={
            isNarrowed(filter) && (
              <Button onClick={() => setFilter(clearFilter(filter))}>Clear filters</Button>
            )
          }
        />
      ) : (
        <>
          {isWide ? (
            <SandboxTable {...list} sort={filter.sort} onSort={(sort) => setFilter({ ...filter, sort })} />
          ) : (
            <SandboxCards {...list} />
          )}
          {found.length > limit && (
            <Button className="self-center" onClick={() => setLimit(limit + rowsAtFirst)}>
              Show {formatCount(Math.min(rowsAtFirst, found.length - limit))} more of{" "}
              {formatCount(found.length)}
            </Button>
          )}
        </>
      )}
    </>
  );
}

/** `3 running · 1 stopped · live`, of what the filter lets through. */
function Counts({ found, total }: { found: readonly Sandbox[]; total: number }) {
  const { phase } = useStreamStatus();
  const parts = stateCounts(found).map(({ state, count }) => `${formatCount(count)} ${state}`);
  if (found.length < total) parts.push(`${formatCount(found.length)} of ${formatCount(total)}`);
  parts.push(phase);
  return <output className="text-xs text-faint">{parts.join(" · ")}</output>;
}
