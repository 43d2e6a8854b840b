import type { PendingRequest } from "#src/domain/request.ts";
import type { Row } from "#src/transcript/rows.ts";

/** How many rows lead up to a request, beside the prompt. */
const ROWS = 5;

/** Rows that say what was asked for and what was done; turn ends, notices and the like do not. */
const telling: ReadonlySet<Row["kind"]> = new Set(["user", "text", "thinking", "content", "tool", "error"]);

/**
 * What led to a request: the prompt that is being worked on, and the last rows before the call or the question that
 * asks. `left_out` rows stand between them; there is no prompt when it is further back than the rows.
 */
export function excerptBefore(
  rows: readonly Row[],
  request: Pick<PendingRequest, "id">,
): { prompt: readonly Row[]; left_out: number; latest: readonly Row[] } {
  const asks = rows.findIndex((row) => asksIn(row, request.id));
  const before = rows.slice(0, asks < 0 ? rows.length : asks).filter((row) => telling.has(row.kind));
  const at = before.findLastIndex(({ kind }) => kind === "user");
  const since = before.slice(at + 1);
  const latest = since.slice(-ROWS);
  return { prompt: at < 0 ? [] : before.slice(at, at + 1), left_out: since.length - latest.length, latest };
}

/** Whether a row is where a request stands: its own row, or the call that needs it. */
function asksIn(row: Row, request_id: string): boolean {
  switch (row.kind) {
    case "tool":
      return row.tool.permissions.some(({ request }) => request.request_id === request_id);
    case "permission":
      return row.permission.request.request_id === request_id;
    case "question":
      return row.question.request.request_id === request_id;
    default:
      return false;
  }
}
