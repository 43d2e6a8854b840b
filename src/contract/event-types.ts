import type { EventType } from "#src/domain/event.ts";

/**
 * The name of every event, for those who must list them without loading the schemas: a browser's EventSource hears only
 * the names it was told.
 */
export const eventTypes = [
  "user_message",
  "turn_started",
  "text_delta",
  "text_complete",
  "thinking_delta",
  "message_content",
  "tool_use_start",
  "tool_input_delta",
  "tool_update",
  "tool_progress",
  "tool_result",
  "tool_use_complete",
  "plan_updated",
  "usage_updated",
  "file_changed",
  "permission_request",
  "permission_response",
  "user_input_request",
  "user_input_response",
  "queue_updated",
  "stop_requested",
  "session_completed",
  "session_failed",
  "error",
  "log_line",
  "unparsed",
  "session_created",
  "session_updated",
  "sandbox_created",
  "sandbox_updated",
  "sandbox_state_changed",
  "provisioning_step",
  "provisioning_complete",
  "provisioning_failed",
  "backend_state_changed",
  "list_changed",
] as const satisfies readonly EventType[];

/** Fails to compile when an event is missing above, naming it. */
type Missing = Exclude<EventType, (typeof eventTypes)[number]>;
true satisfies [Missing] extends [never] ? true : Missing;
