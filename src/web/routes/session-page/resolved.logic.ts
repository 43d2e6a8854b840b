import type { Actor, PendingRequest } from "#src/domain/request.ts";
import type { Row } from "#src/transcript/rows.ts";

/** What became of a request that was answered somewhere else, in one sentence. */
export function resolvedWords(request: PendingRequest, rows: readonly Row[]): string {
  const name = request.kind === "permission" ? "permission" : "question";
  const response = responseTo(request.id, rows);
  if (!response) return `The ${name} does not wait any more.`;
  if (response.state === "expired") return `The ${name} expired: its turn is over.`;
  if (response.state === "auto_resolved") return `The ${name} was resolved by the agent.`;
  return response.by
    ? `The ${name} was answered by ${response.by.name}.`
    : `The ${name} was answered elsewhere.`;
}

type Response = { state: string; by: Actor | null };

function responseTo(request_id: string, rows: readonly Row[]): Response | null {
  for (const row of rows.toReversed()) {
    const states =
      row.kind === "tool"
        ? row.tool.permissions
        : row.kind === "permission"
          ? [row.permission]
          : row.kind === "question"
            ? [row.question]
            : [];
    const state = states.find((one) => one.request.request_id === request_id);
    if (state) return state.response;
  }
  return null;
}
