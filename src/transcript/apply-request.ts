import type { Envelope, EventData } from "#src/domain/event.ts";
import type { PermissionState, RowOf } from "./rows.ts";

/** Fills in the answer of a permission or a question that has a row of its own. */
export function applyToRequest(row: RowOf<"permission"> | RowOf<"question">, event: Envelope): void {
  if (row.kind === "permission" && event.event_type === "permission_response") {
    row.permission = answered(row.permission, event.data, event.timestamp);
  }
  if (row.kind === "question" && event.event_type === "user_input_response" && !row.question.response) {
    row.question.response = event.data;
    row.question.responded_at = event.timestamp;
  }
}

/** A permission with its answer; the first answer stands. */
export function answered(
  permission: PermissionState,
  response: EventData["permission_response"],
  at: string,
): PermissionState {
  return permission.response ? permission : { ...permission, response, responded_at: at };
}

/** A permission that was just asked for. */
export function asked(request: EventData["permission_request"], at: string): PermissionState {
  return { request, requested_at: at, response: null, responded_at: null };
}
