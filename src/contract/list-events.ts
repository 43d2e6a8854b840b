import type { EventType } from "#src/domain/event.ts";

/**
 * Events that change a list or what a badge shows, so every browser gets them whichever session is open. The rest is
 * sent only to readers of the session itself.
 */
export const listEvents: ReadonlySet<EventType> = new Set<EventType>([
  "turn_started",
  "permission_request",
  "permission_response",
  "user_input_request",
  "user_input_response",
  "queue_updated",
  "stop_requested",
  "session_completed",
  "session_failed",
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
]);
