import type { SessionUpdate, ToolCall, ToolCallUpdate } from "@agentclientprotocol/sdk";

/**
 * Adds an update to a session's history, folded: deltas of one message become one chunk, updates of a tool call merge
 * into the call, a plan replaces the turn's earlier plan. So a replay is as long as the conversation, not as its wire.
 * What describes the session rather than the conversation (usage, options, commands, title) is not history.
 */
export function remember(history: SessionUpdate[], update: SessionUpdate): void {
  switch (update.sessionUpdate) {
    case "user_message_chunk":
    case "agent_message_chunk":
    case "agent_thought_chunk":
      return rememberChunk(history, update);
    case "tool_call_update":
      return mergeIntoCall(history, update);
    case "plan":
      return rememberPlan(history, update);
    case "tool_call":
    case "notice":
    case "compaction_update":
    case "compaction_summary_chunk":
      history.push(structuredClone(update));
      return;
    case "available_commands_update":
    case "current_mode_update":
    case "config_option_update":
    case "session_info_update":
    case "usage_update":
      return;
    default:
      return update satisfies never;
  }
}

type Of<Kind extends SessionUpdate["sessionUpdate"]> = Extract<SessionUpdate, { sessionUpdate: Kind }>;
type Chunk = Of<"user_message_chunk" | "agent_message_chunk" | "agent_thought_chunk">;

function rememberChunk(history: SessionUpdate[], update: Chunk): void {
  const last = history.at(-1);
  const continues = last?.sessionUpdate === update.sessionUpdate && last.messageId === update.messageId;
  if (continues && last.content.type === "text" && update.content.type === "text") {
    last.content.text += update.content.text;
    return;
  }
  history.push(structuredClone(update));
}

function mergeIntoCall(history: SessionUpdate[], update: Of<"tool_call_update">): void {
  const call = history.findLast(
    (entry) => entry.sessionUpdate === "tool_call" && entry.toolCallId === update.toolCallId,
  );
  const { sessionUpdate: _kind, ...fields } = structuredClone(update);
  if (call) Object.assign(call, definedFields(fields));
}

/** ACP's merge rule: an absent field leaves the call as it was. */
function definedFields(update: ToolCallUpdate): Partial<ToolCall> {
  return Object.fromEntries(
    Object.entries(update).filter(([, value]) => value !== undefined && value !== null),
  );
}

function rememberPlan(history: SessionUpdate[], update: Of<"plan">): void {
  const turnStart = history.findLastIndex((entry) => entry.sessionUpdate === "user_message_chunk");
  const earlier = history.findIndex((entry, index) => index > turnStart && entry.sessionUpdate === "plan");
  if (earlier === -1) history.push(structuredClone(update));
  else history[earlier] = structuredClone(update);
}
