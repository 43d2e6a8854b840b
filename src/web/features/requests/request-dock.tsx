import { ChevronLeft, ChevronRight, Maximize2 } from "lucide-react";
import { useState } from "react";
import type { PendingRequest } from "#src/domain/request.ts";
import { cn } from "#src/web/ui/cn.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { RequestPanel } from "./request-panel.tsx";
import { RequestPlace, RequestTitle } from "./request-summary.tsx";
import { useArmed } from "./use-armed.ts";

type RequestDockProps = {
  pending: readonly PendingRequest[];
  sandbox_name: string;
  onOpen: (id: string) => void;
  onAnswer: (id: string) => void;
};

/** What the agent waits for, above the composer: the one that waits longest, the others a step away. */
export function RequestDock({ pending, sandbox_name, onOpen, onAnswer }: RequestDockProps) {
  const [wanted, setWanted] = useState<string | null>(null);
  const place = Math.max(
    0,
    pending.findIndex((request) => request.id === wanted),
  );
  const request = pending[place];
  if (!request) return null;
  const step = (by: number) => setWanted(pending[(place + by + pending.length) % pending.length]?.id ?? null);
  return (
    <section
      aria-label="Waiting for you"
      className={cn(
        "mb-2 rounded-card border px-3 py-2",
        request.kind === "permission"
          ? "border-permission/50 bg-permission-soft"
          : "border-question/50 bg-question-soft",
      )}
    >
      <header className="mb-1.5 flex flex-wrap items-center gap-x-2">
        <h2 className="font-semibold">
          <RequestTitle request={request} />
        </h2>
        <span className="min-w-0 flex-1 truncate text-xs text-muted">
          <RequestPlace request={request} sandbox_name={sandbox_name} />
        </span>
        {pending.length > 1 && (
          <span className="flex items-center text-xs text-muted">
            <IconButton
              size="sm"
              label="Previous request"
              icon={<ChevronLeft size={14} />}
              onClick={() => step(-1)}
            />
            {place + 1} of {pending.length}
            <IconButton
              size="sm"
              label="Next request"
              icon={<ChevronRight size={14} />}
              onClick={() => step(1)}
            />
          </span>
        )}
        <IconButton
          size="sm"
          label="Open as a dialog"
          icon={<Maximize2 size={14} />}
          onClick={() => onOpen(request.id)}
        />
      </header>
      <DockedRequest key={request.id} request={request} onAnswer={onAnswer} />
    </section>
  );
}

/** Keyed by the request, so that each has a grace of its own when it takes another's place. */
function DockedRequest({ request, onAnswer }: { request: PendingRequest; onAnswer: (id: string) => void }) {
  const [since] = useState(() => performance.now());
  const armed = useArmed(since);
  return <RequestPanel request={request} armed={armed} compact onAnswer={onAnswer} />;
}
