import { Link } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import { formatCount } from "#src/lib/format.ts";
import { paths } from "#src/web/paths.ts";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#src/web/ui/table.tsx";
import { BackendStateDot } from "./backend-state.tsx";
import { kindLabel } from "./connect.logic.ts";

/** Every backend with how it is now. A row is one link. */
export function BackendsTable({ backends }: { backends: readonly Backend[] }) {
  return (
    <Table label="Backends">
      <TableHead>
        <tr>
          <TableHeader>Name</TableHeader>
          <TableHeader>State</TableHeader>
          <TableHeader className="max-lg:hidden">Version</TableHeader>
          <TableHeader className="text-right max-md:hidden">Latency</TableHeader>
          <TableHeader className="text-right max-sm:hidden">Sandboxes</TableHeader>
          <TableHeader className="text-right max-sm:hidden">Sessions</TableHeader>
          <TableHeader className="max-md:hidden">Last error</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {backends.map((backend) => (
          <TableRow key={backend.id} className="relative h-13">
            <TableCell className="max-sm:w-full max-sm:max-w-0 sm:max-w-72">
              <Link
                to={paths.backend({ backend_id: backend.id })}
                className="block truncate font-medium after:absolute after:inset-0"
              >
                {backend.name}
              </Link>
              <span className="block truncate text-xs text-muted">
                {kindLabel(backend.kind)}
                {backend.url && ` · ${backend.url}`}
              </span>
            </TableCell>
            <TableCell>
              <BackendStateDot backend={backend} />
            </TableCell>
            <TableCell className="text-muted max-lg:hidden">{backend.version}</TableCell>
            <TableCell className="text-right whitespace-nowrap text-muted max-md:hidden">
              {backend.latency_ms !== null && `${formatCount(Math.round(backend.latency_ms))} ms`}
            </TableCell>
            <TableCell className="text-right max-sm:hidden">{formatCount(backend.sandbox_count)}</TableCell>
            <TableCell className="text-right max-sm:hidden">{formatCount(backend.session_count)}</TableCell>
            <TableCell className="max-w-80 max-md:hidden">
              {backend.last_error && (
                <>
                  <span className="block truncate" title={backend.last_error.message}>
                    {backend.last_error.message}
                  </span>
                  <RelativeTime at={backend.last_error.at} className="relative z-10 text-xs text-faint" />
                </>
              )}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}
