import { ArrowDown, ArrowUp } from "lucide-react";
import type { KeyboardEvent } from "react";
import { Link } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { formatCount } from "#src/lib/format.ts";
import { paths } from "#src/web/paths.ts";
import { Checkbox } from "#src/web/ui/checkbox.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#src/web/ui/table.tsx";
import { NeedsYou } from "./needs-you.tsx";
import { RowActions } from "./row-actions.tsx";
import { nextSort, type SandboxSort, type SandboxSortKey } from "./sandbox-filter.logic.ts";
import { RepositoryName } from "./repository-name.tsx";
import { isUnreachable } from "#src/domain/backend-can.ts";
import { SandboxStateDot } from "./sandbox-state.tsx";

export type SandboxListProps = {
  sandboxes: readonly Sandbox[];
  backends: ReadonlyMap<string, Backend>;
  selected: ReadonlySet<string>;
  onSelect: (sandbox_ids: readonly string[], selected: boolean) => void;
};

type SandboxTableProps = SandboxListProps & { sort: SandboxSort; onSort: (sort: SandboxSort) => void };

/** The sandboxes as a table. A row is one link; ↑ and ↓ go from row to row. */
export function SandboxTable({ sandboxes, backends, selected, onSelect, sort, onSort }: SandboxTableProps) {
  const chosen = sandboxes.filter(({ id }) => selected.has(id)).length;
  const every = chosen === sandboxes.length;
  const heading = (key: SandboxSortKey, label: string, className?: string) => (
    <SortHeader column={key} label={label} sort={sort} onSort={onSort} className={className} />
  );
  return (
    <Table label="Sandboxes">
      <TableHead>
        <tr>
          <TableHeader className="w-9 pr-0">
            <Checkbox
              label={<span className="sr-only">Select all</span>}
              checked={every ? true : chosen > 0 ? "indeterminate" : false}
              onCheckedChange={(checked) =>
                onSelect(
                  sandboxes.map(({ id }) => id),
                  checked,
                )
              }
            />
          </TableHeader>
          {heading("name", "Name")}
          {heading("state", "State")}
          {heading("needs", "Needs you")}
          {heading("sessions", "Sessions", "text-right")}
          <TableHeader className="hidden lg:table-cell">Repository</TableHeader>
          {heading("activity", "Activity", "text-right")}
          <TableHeader className="w-0">
            <span className="sr-only">Actions</span>
          </TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {sandboxes.map((sandbox) => (
          <Row
            key={sandbox.id}
            sandbox={sandbox}
            backend={backends.get(sandbox.backend_id)}
            showBackend={backends.size > 1}
            selected={selected.has(sandbox.id)}
            onSelect={(checked) => onSelect([sandbox.id], checked)}
          />
        ))}
      </TableBody>
    </Table>
  );
}

type RowProps = {
  sandbox: Sandbox;
  backend: Backend | undefined;
  showBackend: boolean;
  selected: boolean;
  onSelect: (selected: boolean) => void;
};

function Row({ sandbox, backend, showBackend, selected, onSelect }: RowProps) {
  return (
    <TableRow className={selected ? "relative bg-selected" : "relative"}>
      <TableCell className="relative z-10 w-9 pr-0">
        <Checkbox
          label={<span className="sr-only">Select {sandbox.name}</span>}
          checked={selected}
          onCheckedChange={onSelect}
        />
      </TableCell>
      <TableCell className="max-w-72">
        <span className="flex min-w-0 items-baseline gap-2">
          <Link
            to={paths.sandbox({ sandbox_id: sandbox.id })}
            onKeyDown={moveBetweenRows}
            className="truncate font-medium after:absolute after:inset-0"
          >
            {sandbox.name}
          </Link>
          {showBackend && (
            <span className="truncate text-xs text-faint">{backend?.name ?? "removed backend"}</span>
          )}
        </span>
      </TableCell>
      <TableCell>
        <SandboxStateDot sandbox={sandbox} unreachable={isUnreachable(backend)} />
      </TableCell>
      <TableCell>
        <NeedsYou sandbox={sandbox} />
      </TableCell>
      <TableCell className="text-right">{formatCount(sandbox.session_count)}</TableCell>
      <TableCell className="hidden max-w-64 lg:table-cell">
        <RepositoryName sandbox={sandbox} />
      </TableCell>
      <TableCell className="relative z-10 text-right whitespace-nowrap text-muted">
        <RelativeTime at={sandbox.last_activity_at} />
      </TableCell>
      <TableCell className="relative z-10">
        <RowActions sandbox={sandbox} backend={backend} />
      </TableCell>
    </TableRow>
  );
}

type SortHeaderProps = {
  column: SandboxSortKey;
  label: string;
  sort: SandboxSort;
  onSort: (sort: SandboxSort) => void;
  className?: string;
};

function SortHeader({ column, label, sort, onSort, className }: SortHeaderProps) {
  const active = sort.key === column;
  const Arrow = sort.direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <TableHeader aria-sort={active ? sort.direction : "none"} className={className}>
      <button
        type="button"
        onClick={() => onSort(nextSort(sort, column))}
        className="relative rounded-control font-medium transition-colors hover:text-text"
      >
        {label}
        {/* Beside the word and not in its line, so that words stand over what their columns hold. */}
        {active && <Arrow size={12} aria-hidden className="absolute top-0.5 left-full ml-0.5" />}
      </button>
    </TableHeader>
  );
}

function moveBetweenRows(event: KeyboardEvent<HTMLAnchorElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const row = event.currentTarget.closest("tr");
  const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
  const link = next?.querySelector("a");
  if (!link) return;
  event.preventDefault();
  link.focus();
}
