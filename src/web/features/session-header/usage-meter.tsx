import type { Usage } from "#src/domain/event.ts";
import { formatCost, formatCount } from "#src/lib/format.ts";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { cn } from "#src/web/ui/cn.ts";
import { Popover } from "#src/web/ui/popover.tsx";

/** How full the agent's context is and what the session has cost, where that is known. */
export function UsageMeter({ store }: { store: TranscriptStore }) {
  const usage = useTranscript(store, ({ transcript }) => transcript?.view.usage ?? null);
  if (!usage) return null;
  const share = shareOf(usage);
  const parts = [
    share !== null && `${Math.round(share * 100)}% ctx`,
    usage.cost && formatCost(usage.cost.amount, usage.cost.currency),
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <Popover
      label="Usage"
      align="end"
      trigger={
        <button
          type="button"
          className="flex h-7 shrink-0 items-center gap-2 rounded-control px-1.5 text-xs text-muted hover:bg-hover"
        >
          {share !== null && <Bar share={share} />}
          {parts.join(" · ")}
        </button>
      }
    >
      <UsageTable usage={usage} />
    </Popover>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <span aria-hidden className="hidden h-1.5 w-12 overflow-hidden rounded-full md:block bg-hover">
      <span
        className={cn(
          "block h-full rounded-full",
          share > 0.9 ? "bg-failed" : share > 0.75 ? "bg-permission" : "bg-muted",
        )}
        style={{ width: `${Math.round(share * 100)}%` }}
      />
    </span>
  );
}

/** Every figure of a usage that is known. */
function UsageTable({ usage }: { usage: Usage }) {
  const rows = [
    ["In the context", usage.used],
    ["Context holds", usage.size],
    ["Tokens in", usage.input_tokens],
    ["Tokens out", usage.output_tokens],
    ["From the cache", usage.cached_tokens],
  ] as const;
  return (
    <dl className="grid grid-cols-[auto_auto] gap-x-6 gap-y-1">
      {rows.map(([name, value]) =>
        value === null ? null : (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="text-right">{formatCount(value)}</dd>
          </div>
        ),
      )}
      {usage.cost && (
        <div className="contents">
          <dt className="text-muted">Cost</dt>
          <dd className="text-right">{formatCost(usage.cost.amount, usage.cost.currency)}</dd>
        </div>
      )}
    </dl>
  );
}

function shareOf({ used, size }: Usage): number | null {
  return used === null || size === null || size <= 0 ? null : Math.min(1, used / size);
}
