import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import { backendsQuery } from "#src/web/api/queries/backends.ts";
import type { StreamStatus } from "#src/web/api/stream/status.ts";
import { useStreamStatus } from "#src/web/api/stream/use-stream-status.ts";
import { paths } from "#src/web/paths.ts";
import { StateDot } from "#src/web/ui/state-dot.tsx";
import { backendsHealth } from "./backends-health.logic.ts";

const phases: Record<StreamStatus["phase"], string> = {
  connecting: "Connecting",
  live: "Live",
  reconnecting: "Reconnecting",
  offline: "No connection",
};

/** How the backends and the page's own connection are. */
export function ConnectionFooter() {
  const { data } = useQuery(backendsQuery());
  const { phase } = useStreamStatus();
  return (
    <footer className="flex h-9 items-center justify-between gap-2 border-t border-border px-3 text-xs">
      <Link to={paths.backends()} className="min-w-0 truncate rounded-control">
        {data && <BackendsHealth backends={data} />}
      </Link>
      <span className={phase === "live" ? "text-faint" : "text-permission"}>{phases[phase]}</span>
    </footer>
  );
}

function BackendsHealth({ backends }: { backends: readonly Backend[] }) {
  const { tone, text } = backendsHealth(backends);
  return (
    <StateDot tone={tone} label={text} className={tone === "ok" ? "[&>span:last-child]:text-faint" : ""} />
  );
}
