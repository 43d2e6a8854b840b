import { Link } from "react-router";
import { formatPlural } from "#src/lib/format.ts";
import { paths } from "#src/web/paths.ts";
import { Checkbox } from "#src/web/ui/checkbox.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { NeedsYou } from "./needs-you.tsx";
import { RowActions } from "./row-actions.tsx";
import { RepositoryName } from "./repository-name.tsx";
import { isUnreachable } from "#src/domain/backend-can.ts";
import { SandboxStateDot } from "./sandbox-state.tsx";
import type { SandboxListProps } from "./sandbox-table.tsx";

/** The same list for a narrow screen: a card for each sandbox. */
export function SandboxCards({ sandboxes, backends, selected, onSelect }: SandboxListProps) {
  return (
    <ul aria-label="Sandboxes" className="flex flex-col gap-2">
      {sandboxes.map((sandbox) => {
        const backend = backends.get(sandbox.backend_id);
        return (
          <li
            key={sandbox.id}
            className="relative flex flex-col gap-2 rounded-card border border-border bg-bg p-3 has-[a:active]:bg-hover"
          >
            <div className="flex items-center gap-2">
              <div className="relative z-10">
                <Checkbox
                  label={<span className="sr-only">Select {sandbox.name}</span>}
                  checked={selected.has(sandbox.id)}
                  onCheckedChange={(checked) => onSelect([sandbox.id], checked)}
                />
              </div>
              <Link
                to={paths.sandbox({ sandbox_id: sandbox.id })}
                className="min-w-0 flex-1 truncate font-medium after:absolute after:inset-0"
              >
                {sandbox.name}
              </Link>
              <NeedsYou sandbox={sandbox} />
              <div className="relative z-10">
                <RowActions sandbox={sandbox} backend={backend} />
              </div>
            </div>
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
              <SandboxStateDot sandbox={sandbox} unreachable={isUnreachable(backend)} />
              <span>{formatPlural(sandbox.session_count, "session")}</span>
              {backends.size > 1 && backend && <span>{backend.name}</span>}
              <RepositoryName sandbox={sandbox} />
              <RelativeTime at={sandbox.last_activity_at} className="ml-auto" />
            </div>
          </li>
        );
      })}
    </ul>
  );
}
