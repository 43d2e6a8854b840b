import type { Envelope } from "#src/domain/event.ts";
import { compareIds } from "#src/lib/ids.ts";
import { foldError, foldLogLine, foldUnknown, foldUnparsed } from "./fold-aside.ts";
import {
  foldPermissionRequest,
  foldPermissionResponse,
  foldQuestion,
  foldQuestionResponse,
} from "./fold-request.ts";
import { foldContent, foldTextComplete, foldTextDelta, foldThinkingDelta } from "./fold-text.ts";
import { foldFileChanged, foldToolEnd, foldToolNews, foldToolStart } from "./fold-tool.ts";
import {
  foldCompleted,
  foldFailed,
  foldStopRequested,
  foldTurnStarted,
  foldUserMessage,
} from "./fold-turn.ts";
import { foldSessionUpdated, foldUsage } from "./fold-view.ts";
import type { TranscriptState } from "./rows.ts";
import { Working } from "./working.ts";

/** Folds one event (design §1). Pure and total; see `foldAll`. */
export function fold(state: TranscriptState, envelope: Envelope): TranscriptState {
  return foldAll(state, [envelope]);
}

/**
 * Folds events, oldest first. Those up to the cursor were folded before and change nothing; when that is all of them,
 * `state` itself comes back. Rows and parts of the view that no event touched keep their reference. The cost is one
 * shallow copy of the row array and the work of the events, whatever the number of rows. Never throws.
 */
export function foldAll(state: TranscriptState, envelopes: readonly Envelope[]): TranscriptState {
  let cursor = state.cursor;
  let working: Working | null = null;
  for (const envelope of envelopes) {
    if (compareIds(envelope.id, cursor) <= 0) continue;
    working ??= new Working(state, envelope);
    working.event = envelope;
    foldInto(working, envelope);
    cursor = envelope.id;
  }
  return working ? working.finish(cursor) : state;
}

function foldInto(w: Working, event: Envelope): void {
  switch (event.event_type) {
    case "user_message":
      return foldUserMessage(w, event.data);
    case "turn_started":
      return foldTurnStarted(w, event.data);
    case "stop_requested":
      return foldStopRequested(w, event.data);
    case "session_completed":
      return foldCompleted(w, event.data);
    case "session_failed":
      return foldFailed(w, event.data);
    case "text_delta":
      return foldTextDelta(w, event.data);
    case "text_complete":
      return foldTextComplete(w, event.data);
    case "thinking_delta":
      return foldThinkingDelta(w, event.data);
    case "message_content":
      return foldContent(w, event.data);
    case "tool_use_start":
      return foldToolStart(w, event.data);
    case "tool_update":
      return foldToolNews(w, event.data.id, event.data.name);
    case "tool_input_delta":
      return foldToolNews(w, event.data.id);
    case "tool_result":
      return foldToolNews(w, event.data.tool_use_id);
    case "tool_progress":
      return foldToolEnd(w, event.data.tool_use_id);
    case "tool_use_complete":
      return foldToolEnd(w, event.data.id);
    case "file_changed":
      return foldFileChanged(w, event.data);
    case "permission_request":
      return foldPermissionRequest(w, event.data);
    case "permission_response":
      return foldPermissionResponse(w, event.data);
    case "user_input_request":
      return foldQuestion(w, event.data);
    case "user_input_response":
      return foldQuestionResponse(w, event.data);
    case "plan_updated":
      return w.patchView({ plan: event.data.entries });
    case "usage_updated":
      return foldUsage(w, event.data);
    case "queue_updated":
      return w.patchView({ queue: event.data.queue });
    case "session_created":
      return w.patchView({ title: event.data.title });
    case "session_updated":
      return foldSessionUpdated(w, event.data);
    case "error":
      return foldError(w, event.data);
    case "log_line":
      return foldLogLine(w, event.data);
    case "unparsed":
      return foldUnparsed(w, event.data);
    case "sandbox_created":
    case "sandbox_updated":
    case "sandbox_state_changed":
    case "provisioning_step":
    case "provisioning_complete":
    case "provisioning_failed":
    case "backend_state_changed":
    case "list_changed":
      return;
    default:
      return foldUnknown(w, event satisfies never);
  }
}
