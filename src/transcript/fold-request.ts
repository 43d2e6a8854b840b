import type { EventData } from "#src/domain/event.ts";
import { asked } from "./apply-request.ts";
import { emptyTool } from "./apply-tool.ts";
import { reachToolOfTurn } from "./fold-tool.ts";
import { beginWait, endWait } from "./fold-turn.ts";
import type { Row, ToolCall } from "./rows.ts";
import { requestedOf } from "./tool-diffs.ts";
import type { Working } from "./working.ts";

/**
 * A permission stands on the card of its tool call. Codex asks before it starts the call, so the request may have to
 * make the card; one that names no call has a row of its own.
 */
export function foldPermissionRequest(w: Working, data: EventData["permission_request"]): void {
  if (reachRequest(w, data.request_id) !== undefined) return;
  const known = data.tool_use_id === null ? undefined : reachToolOfTurn(w, data.tool_use_id);
  w.liveRequests.set(data.request_id, known ?? w.event.id);
  beginWait(w);
  if (known !== undefined) return w.change(known);
  if (data.tool_use_id === null) {
    return w.push({ kind: "permission", permission: asked(data, w.event.timestamp) }, turnOf(w, data));
  }
  w.push({ kind: "tool", tool: toolOf(data, data.tool_use_id, w.event.timestamp) }, turnOf(w, data));
  w.liveTools.set(data.tool_use_id, w.event.id);
}

/** Also how a request ends unanswered: `state` says `expired` or `auto_resolved`. */
export function foldPermissionResponse(w: Working, data: EventData["permission_response"]): void {
  const known = reachRequest(w, data.request_id);
  if (known !== undefined) {
    w.liveRequests.delete(data.request_id);
    endWait(w);
    return w.change(known);
  }
  // Agents that accept edits by themselves tell only the outcome.
  w.push({ kind: "notice", text: `${data.tool_name} was ${data.approved ? "allowed" : "refused"}` });
}

export function foldQuestion(w: Working, data: EventData["user_input_request"]): void {
  if (reachRequest(w, data.request_id) !== undefined) return;
  w.liveRequests.set(data.request_id, w.event.id);
  beginWait(w);
  const question = { request: data, requested_at: w.event.timestamp, response: null, responded_at: null };
  w.push({ kind: "question", question }, turnOf(w, data));
}

export function foldQuestionResponse(w: Working, data: EventData["user_input_response"]): void {
  const known = reachRequest(w, data.request_id);
  if (known === undefined) return;
  w.liveRequests.delete(data.request_id);
  endWait(w);
  w.change(known);
}

function turnOf(w: Working, data: { turn_id: string | null }): string | null {
  return data.turn_id ?? w.turn_id;
}

function reachRequest(w: Working, request_id: string): string | undefined {
  return w.liveRequests.get(request_id) ?? w.recent((row) => holdsRequest(row, request_id))?.first_event_id;
}

function holdsRequest(row: Row, request_id: string): boolean {
  switch (row.kind) {
    case "permission":
      return row.permission.request.request_id === request_id;
    case "question":
      return row.question.request.request_id === request_id;
    case "tool":
      return row.tool.permissions.some((permission) => permission.request.request_id === request_id);
    default:
      return false;
  }
}

function toolOf(data: EventData["permission_request"], id: string, at: string): ToolCall {
  return {
    ...emptyTool(id, data.tool_name),
    title: data.title || data.tool_name,
    kind: requestedOf(data).diffs.length > 0 ? "edit" : "other",
    input: data.tool_input,
    directory: data.directory,
    diffs: data.diffs,
    permissions: [asked(data, at)],
  };
}
