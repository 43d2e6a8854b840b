import { CircleCheck, CircleMinus, CircleX, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import { formatDuration, formatElapsed } from "#src/lib/format.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { useNow } from "#src/web/ui/now.ts";
import type { StepRow } from "./provisioning.logic.ts";

/** The steps that made a sandbox, each with its state and how long it took. Said aloud as they end. */
export function ProvisioningLog({ rows }: { rows: readonly StepRow[] }) {
  return (
    <ol aria-live="polite" className="flex flex-col rounded-card border border-border">
      {rows.map((row) => (
        <li
          key={row.step}
          className="flex items-start gap-2 border-b border-border px-3 py-2 last:border-b-0"
        >
          <span className="mt-0.5 shrink-0">{signs[row.status]}</span>
          <span className="min-w-0 flex-1">
            <span className={row.status === "skipped" ? "text-faint" : ""}>{row.label}</span>
            <span className="sr-only">: {words[row.status]}</span>
            {row.detail && (
              <span
                className={`block text-xs whitespace-pre-wrap ${row.status === "failed" ? "text-failed" : "text-muted"}`}
              >
                {visibleText(row.detail)}
              </span>
            )}
          </span>
          <span className="shrink-0 text-xs text-faint">
            {row.endedAt === null ? (
              <Elapsed since={row.startedAt} />
            ) : (
              <Took ms={Date.parse(row.endedAt) - Date.parse(row.startedAt)} />
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Nothing for what was over at once: "0 ms" tells nobody anything. */
function Took({ ms }: { ms: number }) {
  return ms < 50 ? null : formatDuration(ms);
}

/** Not part of what is read out: it changes every second. */
function Elapsed({ since }: { since: string }) {
  const now = useNow("fast");
  return <span aria-hidden>{formatElapsed(now - Date.parse(since))}</span>;
}

const signs: Readonly<Record<StepRow["status"], ReactNode>> = {
  started: <LoaderCircle size={14} className="animate-spin text-working" aria-hidden />,
  done: <CircleCheck size={14} className="text-ok" aria-hidden />,
  failed: <CircleX size={14} className="text-failed" aria-hidden />,
  skipped: <CircleMinus size={14} className="text-faint" aria-hidden />,
};

const words: Readonly<Record<StepRow["status"], string>> = {
  started: "running",
  done: "done",
  failed: "failed",
  skipped: "skipped",
};
