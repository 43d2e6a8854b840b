import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Link, useNavigate } from "react-router";
import type { PendingRequest } from "#src/domain/request.ts";
import { formatPlural } from "#src/lib/format.ts";
import type { Row } from "#src/transcript/rows.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { lastRowsQuery } from "#src/web/api/queries/transcript.ts";
import { paths } from "#src/web/paths.ts";
import { RetryLine } from "#src/web/ui/retry-line.tsx";
import { Skeleton } from "#src/web/ui/skeleton.tsx";
import { copyRow } from "./copy-row.ts";
import { excerptBefore } from "./excerpt.logic.ts";
import { Folds } from "./folds.ts";
import { ItemModel } from "./item-model.ts";
import { ItemView } from "./item-view.tsx";
import { TranscriptContext, type TranscriptContextValue } from "./transcript-context.ts";

/** What led to a request, so that it can be answered without opening its session. */
export function RequestExcerpt({ request }: { request: PendingRequest }) {
  const { id, session_id, agent } = request;
  const { data, error, refetch } = useQuery(lastRowsQuery(session_id));
  const excerpt = useMemo(() => data && excerptBefore(data.rows, { id }), [data, id]);
  if (error) {
    return (
      <RetryLine onRetry={() => void refetch()}>
        What led to it could not be loaded. {messageOf(error)}
      </RetryLine>
    );
  }
  if (!excerpt) return <Skeleton className="h-16" />;
  const { prompt, left_out, latest } = excerpt;
  return (
    <>
      <Rows session_id={session_id} agent={agent} rows={prompt} />
      {left_out > 0 && (
        <Link
          to={paths.session({ session_id })}
          className="mt-2 self-start text-xs text-faint underline-offset-2 hover:text-text hover:underline"
        >
          {formatPlural(left_out, "more message")} in between
        </Link>
      )}
      <Rows session_id={session_id} agent={agent} rows={latest} />
    </>
  );
}

/** A few rows as the transcript shows them, all mounted. What their buttons lead to is in the session. */
function Rows({ session_id, agent, rows }: { session_id: string; agent: string; rows: readonly Row[] }) {
  const navigate = useNavigate();
  const [folds] = useState(() => new Folds());
  const [model] = useState(() => new ItemModel());
  useLayoutEffect(() => {
    const update = () => model.update(rows, (group) => folds.get(group.key) ?? false);
    update();
    return folds.subscribe(update);
  }, [rows, model, folds]);
  const { keys } = useSyncExternalStore(model.subscribeKeys, model.list);

  const context = useMemo<TranscriptContextValue>(() => {
    const address = (row_key: string) => `${paths.session({ session_id })}#${row_key}`;
    return {
      folds,
      agent,
      newFrom: null,
      linkTo: (row_key) => `${location.origin}${address(row_key)}`,
      showEvents: (row_key) => void navigate(address(row_key)),
      copy: (row_key, what) => void copyRow(rows, row_key, what),
    };
  }, [folds, agent, rows, session_id, navigate]);
  return (
    <TranscriptContext value={context}>
      {keys.map((key) => (
        <ItemView key={key} model={model} itemKey={key} />
      ))}
    </TranscriptContext>
  );
}
