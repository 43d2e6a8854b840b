import type { Envelope, EventData } from "#src/domain/event.ts";
import {
  encodePermission,
  encodePermissionAnswer,
  encodeQuestion,
  encodeQuestionAnswer,
} from "./encode-request.ts";
import { closeBlock, encodeComplete, encodeDelta, partsOf } from "./encode-text.ts";
import { change, encodeTool, forgetEndedTools } from "./encode-tool.ts";
import { completed, type EncodeMemory, nextItemId, started, whole } from "./memory.ts";
import type { Told } from "./universal.ts";

/**
 * What one stored event of a session says in universal events (spec 3). `memory` is read and advanced; without clock
 * or chance, so the same log always gives the same events.
 */
export function encodeEvent(event: Envelope, memory: EncodeMemory): Told[] {
  switch (event.event_type) {
    case "user_message":
      return prompt(event.data, memory);
    case "turn_started":
      return openTurn(event.data.turn_id, memory);
    case "text_delta":
      return encodeDelta("text", event.data, memory);
    case "thinking_delta":
      return encodeDelta("thinking", event.data, memory);
    case "text_complete":
      return encodeComplete(event.data, memory);
    case "message_content": {
      const parts = partsOf(event.data.content);
      return parts.length === 0 ? [] : apart(memory, whole(memory, "message", "assistant", parts));
    }
    case "tool_use_start":
      return encodeTool(event, event.data.id, event.data.name, memory);
    case "tool_update":
      return encodeTool(event, event.data.id, event.data.name ?? "tool", memory);
    case "tool_input_delta":
      return encodeTool(event, event.data.id, "tool", memory);
    case "tool_result":
      return encodeTool(event, event.data.tool_use_id, "tool", memory);
    case "tool_use_complete": {
      const known = memory.tools.get(event.data.id);
      return known ? change(known, event, memory) : [];
    }
    case "tool_progress":
      return status("progress", progressText(event.data.progress), memory);
    case "plan_updated":
      return apart(
        memory,
        whole(
          memory,
          "status",
          "system",
          event.data.entries.map(({ status, content }) => ({
            type: "status",
            label: `plan: ${status}`,
            detail: content,
          })),
        ),
      );
    case "usage_updated":
      Object.assign(memory.usage, event.data);
      return [];
    case "file_changed":
      return fileChanged(event, memory);
    case "permission_request":
      return apart(memory, encodePermission(event.data, memory));
    case "permission_response":
      return encodePermissionAnswer(event.data, memory);
    case "user_input_request":
      return apart(memory, encodeQuestion(event.data, memory));
    case "user_input_response":
      return encodeQuestionAnswer(event.data, memory);
    case "session_completed":
    case "session_failed":
      return endTurn(event, memory);
    case "error":
      return apart(memory, [
        {
          type: "error",
          data: { details: event.data.details ?? null, code: event.data.code, message: event.data.message },
        },
      ]);
    case "log_line":
      return apart(memory, whole(memory, "system", "system", [{ type: "text", text: event.data.line }]));
    case "unparsed":
      return apart(memory, [
        {
          type: "agent.unparsed",
          data: { error: event.data.error, location: event.data.location ?? "", raw_hash: null },
        },
      ]);
    case "session_updated":
      return updated(event.data, memory);
    case "stop_requested":
    case "queue_updated":
    case "session_created":
    case "sandbox_created":
    case "sandbox_updated":
    case "sandbox_state_changed":
    case "provisioning_step":
    case "provisioning_complete":
    case "provisioning_failed":
    case "backend_state_changed":
    case "list_changed":
      // The protocol has no word for these, and none is part of the conversation.
      return [];
    default:
      return event satisfies never;
  }
}

/** Whether the daemon says this, not the agent (spec 3, envelope). */
export function isSynthetic({ type, data }: Told): boolean {
  switch (type) {
    case "item.started":
    case "item.completed":
      return data.item.role === "user" || data.item.role === "system";
    case "item.delta":
    case "permission.requested":
    case "question.requested":
      return false;
    case "session.started":
    case "session.ended":
    case "turn.started":
    case "turn.ended":
    case "error":
    case "permission.resolved":
    case "question.resolved":
    case "agent.unparsed":
      return true;
    default:
      return type satisfies never;
  }
}

/** What stands alone ends the text that streams. */
function apart(memory: EncodeMemory, told: Told[]): Told[] {
  return told.length === 0 ? [] : [...closeBlock(memory), ...told];
}

/** The turn comes before its prompt here; in the log it is the other way round. */
function prompt(data: EventData["user_message"], memory: EncodeMemory): Told[] {
  const opening = data.turn_id === null ? closeBlock(memory) : openTurn(data.turn_id, memory);
  const known = memory.prompts.get(data.message_id);
  const item_id = known ?? nextItemId(memory);
  memory.prompts.set(data.message_id, item_id);
  const item = {
    item_id,
    native_item_id: data.message_id,
    kind: "message" as const,
    role: "user" as const,
    content: partsOf(data.content),
  };
  return [...opening, ...(known === undefined ? [started(item)] : []), completed(item)];
}

function openTurn(turn_id: string, memory: EncodeMemory): Told[] {
  if (memory.turn_id === turn_id) return closeBlock(memory);
  const closing = closeBlock(memory);
  memory.turn_id = turn_id;
  memory.blocks.clear();
  memory.prompts.clear();
  forgetEndedTools(memory);
  return [...closing, { type: "turn.started", data: { phase: "started", turn_id } }];
}

function endTurn(
  event: Extract<Envelope, { event_type: "session_completed" | "session_failed" }>,
  memory: EncodeMemory,
): Told[] {
  const told = closeBlock(memory);
  for (const tool of memory.tools.values()) told.push(...change(tool, event, memory));
  const turn_id = event.data.turn_id ?? memory.turn_id;
  memory.turn_id = null;
  const named = turn_id === null ? {} : { turn_id };
  const { duration_ms } = event.data;
  if (event.event_type === "session_completed") {
    const { stop_reason, cost_usd } = event.data;
    const metadata = { stop_reason, duration_ms, cost_usd, usage: { ...memory.usage } };
    return [...told, { type: "turn.ended", data: { phase: "ended", ...named, metadata } }];
  }
  const { error, code, stderr } = event.data;
  return [
    ...told,
    { type: "error", data: { message: error, code, details: stderr === null ? null : { stderr } } },
    { type: "turn.ended", data: { phase: "ended", ...named, metadata: { duration_ms } } },
  ];
}

function updated({ state, change }: EventData["session_updated"], memory: EncodeMemory): Told[] {
  if (state === "completed") {
    return apart(memory, [
      { type: "session.ended", data: { reason: "terminated", terminated_by: "daemon" } },
    ]);
  }
  if (state === "failed") {
    const message = change ?? "The session was marked as failed.";
    return apart(memory, [
      { type: "session.ended", data: { reason: "error", terminated_by: "daemon", message } },
    ]);
  }
  return change ? status("session", change, memory) : [];
}

function status(label: string, detail: string, memory: EncodeMemory): Told[] {
  return apart(memory, whole(memory, "status", "system", [{ type: "status", label, detail }]));
}

/** A file that an agent's hook reports: a place where the newest call of that tool worked. */
function fileChanged(event: Extract<Envelope, { event_type: "file_changed" }>, memory: EncodeMemory): Told[] {
  const { tool_name, action, file_path } = event.data;
  const known = [...memory.tools.values()].findLast(({ tool }) => tool.name === tool_name);
  return known ? change(known, event, memory) : status(action, file_path, memory);
}

function progressText(progress: unknown): string {
  return typeof progress === "string" ? progress : JSON.stringify(progress);
}
