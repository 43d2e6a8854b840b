import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { formatClock } from "#src/lib/format.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { exchangesQuery } from "#src/web/api/queries/transcript.ts";
import { CopyButton } from "#src/web/ui/copy-button.tsx";
import { Disclosure } from "#src/web/ui/disclosure.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { JsonView } from "#src/web/ui/content/json-view.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { asCurl, type Exchange } from "./curl.logic.ts";

/** What Sandbar sent upstream for this session, newest first; each can be repeated with curl. */
export function Exchanges({ session_id }: { session_id: string }) {
  const { data, error, refetch, isFetching } = useQuery(exchangesQuery(session_id));
  if (error && !data) {
    return (
      <ErrorState
        title="The requests could not be loaded"
        text={messageOf(error)}
        onRetry={() => void refetch()}
        retrying={isFetching}
      />
    );
  }
  if (!data) return <SkeletonRows label="Loading the requests" />;
  if (data.length === 0) {
    return <EmptyState title="Nothing was sent" text="Calls to the backend for this session appear here." />;
  }
  return (
    <div className="p-3">
      <div className="mb-1 flex items-center justify-between text-xs text-muted">
        Newest first; tokens are masked
        <IconButton
          size="sm"
          label="Refresh"
          icon={<RotateCw size={14} />}
          disabled={isFetching}
          onClick={() => void refetch()}
        />
      </div>
      {data.toReversed().map((exchange, index) => (
        <ExchangeLine key={`${exchange.at}:${index}`} exchange={exchange} />
      ))}
    </div>
  );
}

function ExchangeLine({ exchange }: { exchange: Exchange }) {
  const failed = exchange.error !== null || (exchange.status ?? 500) >= 400;
  return (
    <div className="flex items-start border-b border-border">
      <Disclosure
        className="min-w-0 flex-1"
        summary={
          <span className="flex items-center gap-2 font-mono text-xs">
            <span className="text-faint">{formatClock(exchange.at)}</span>
            <span>{exchange.method}</span>
            <span className="min-w-0 flex-1 truncate">
              {visibleText(methodOf(exchange.body) ?? pathOf(exchange.url))}
            </span>
            <span className={failed ? "text-failed" : "text-ok"}>{exchange.status ?? "no answer"}</span>
            <span className="text-faint">{Math.round(exchange.duration_ms)} ms</span>
          </span>
        }
      >
        <div className="flex flex-col gap-2 pb-2">
          <p className="font-mono text-xs break-all text-muted">{visibleText(exchange.url)}</p>
          {exchange.error && <p className="text-xs text-failed">{visibleText(exchange.error)}</p>}
          {exchange.body !== null && exchange.body !== undefined && (
            <JsonView value={exchange.body} label="request body" />
          )}
        </div>
      </Disclosure>
      <CopyButton text={() => asCurl(exchange)} label="Copy as curl" />
    </div>
  );
}

/** A JSON-RPC call says what it is by its method; its path is the same for all. */
function methodOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("method" in body)) return null;
  return typeof body.method === "string" ? body.method : null;
}

function pathOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed ? parsed.pathname + parsed.search : url;
}
