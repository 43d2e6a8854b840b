import type { AgentCommand } from "#src/domain/agent.ts";
import type { DomainEvent, EventData } from "#src/domain/event.ts";
import { RecentMap } from "#src/lib/recent-map.ts";
import { contentFromWire } from "./map-content.ts";
import { type OfferedOption, findOption, replaceConfig, toSessionOptions, withValue } from "./map-options.ts";
import { planFromWire } from "./map-plan.ts";
import { type ToolMemory, mapTool } from "./map-tool.ts";
import {
  InvalidStdout,
  PromptResult,
  type RpcError,
  type RpcMessage,
  SessionUpdate,
  StderrData,
  type WireContent,
} from "./wire.ts";

/** What a session has said of itself so far. The mapping reads and advances it; nothing else is remembered. */
export type SessionMemory = {
  tools: ToolMemory;
  options: OfferedOption[];
  commands: AgentCommand[];
  title: string | null;
};

/** Calls that a late frame may still be about. A session may live for weeks, and each call holds its output. */
const TOOLS_KEPT = 200;

export function createMemory(title: string | null = null): SessionMemory {
  return { tools: new RecentMap(TOOLS_KEPT), options: [], commands: [], title };
}

/** One `session/update` as events; a kind or shape that is not known becomes `unparsed`. */
export function mapUpdate(raw: unknown, memory: SessionMemory): DomainEvent[] {
  const parsed = SessionUpdate.safeParse(raw);
  if (!parsed.success) return [unparsed("An update of an unknown kind or shape.", "session/update", raw)];
  const update = parsed.data;
  switch (update.sessionUpdate) {
    case "agent_message_chunk":
      return messageChunk(update.content, update.messageId);
    case "agent_thought_chunk":
      return thoughtChunk(update.content, update.messageId);
    case "user_message_chunk":
      // The agent's echo of the prompt: the server has written its own. Replays are read by map-replay.ts.
      return [];
    case "tool_call":
    case "tool_call_update":
      return mapTool(update, memory.tools);
    case "plan":
      return [{ event_type: "plan_updated", data: { entries: planFromWire(update.entries) } }];
    case "usage_update":
      return [{ event_type: "usage_updated", data: usageOf(update) }];
    case "available_commands_update":
      memory.commands = update.availableCommands.map(({ name, description, input }) => ({
        name,
        description: description ?? "",
        hint: input?.hint ?? null,
      }));
      return [{ event_type: "session_updated", data: { commands: memory.commands } }];
    case "config_option_update":
      memory.options = replaceConfig(memory.options, update.configOptions);
      return [{ event_type: "session_updated", data: { options: toSessionOptions(memory.options) } }];
    case "current_mode_update":
      return modeUpdate(update.currentModeId, memory);
    case "session_info_update":
      if (!update.title) return [];
      memory.title = update.title;
      return [{ event_type: "session_updated", data: { title: update.title } }];
    default:
      return update satisfies never;
  }
}

function messageChunk(content: WireContent, messageId: string | null | undefined): DomainEvent[] {
  const block_id = messageId ?? undefined;
  if (content.type !== "text") {
    return [{ event_type: "message_content", data: { block_id, content: [contentFromWire(content)] } }];
  }
  return content.text === "" ? [] : [{ event_type: "text_delta", data: { text: content.text, block_id } }];
}

function thoughtChunk(content: WireContent, messageId: string | null | undefined): DomainEvent[] {
  if (content.type !== "text") return messageChunk(content, messageId);
  if (content.text === "") return [];
  return [{ event_type: "thinking_delta", data: { text: content.text, block_id: messageId ?? undefined } }];
}

/** Absent fields are left out: a usage event merges into what is known. */
function usageOf({
  used,
  size,
  cost,
}: Extract<SessionUpdate, { sessionUpdate: "usage_update" }>): EventData["usage_updated"] {
  return {
    ...(typeof used === "number" && { used }),
    ...(typeof size === "number" && { size }),
    ...(cost && { cost: { amount: cost.amount, currency: cost.currency } }),
  };
}

function modeUpdate(mode: string, memory: SessionMemory): DomainEvent[] {
  memory.options = withValue(memory.options, "mode", mode);
  const choice = findOption(memory.options, "mode")?.choices.find(({ value }) => value === mode);
  return [
    {
      event_type: "session_updated",
      data: { options: toSessionOptions(memory.options), change: `Mode: ${choice?.name ?? mode}` },
    },
  ];
}

/** A prompt's response as the end of its turn: what it used, then exactly one of completed and failed. */
export function mapPromptResponse({ result, error }: RpcMessage): DomainEvent[] {
  if (error) return [turnFailed(failureOf(error))];
  const parsed = PromptResult.safeParse(result).data;
  if (!parsed) {
    const reason = "The agent ended the turn without saying why.";
    return [turnFailed({ error: reason, code: "bad_response", stderr: null })];
  }
  const { usage, stopReason } = parsed;
  const ended: DomainEvent = {
    event_type: "session_completed",
    data: { session_id: "", turn_id: null, stop_reason: stopReason, duration_ms: null, cost_usd: null },
  };
  if (!usage) return [ended];
  const data = {
    input_tokens: usage.inputTokens ?? null,
    output_tokens: usage.outputTokens ?? null,
    cached_tokens: usage.cachedReadTokens ?? null,
  };
  return [{ event_type: "usage_updated", data }, ended];
}

export type TurnFailure = { error: string; code: string | null; stderr: string | null };

/** A turn that failed; the server fills in ids and duration. */
export function turnFailed({ error, code, stderr }: TurnFailure): DomainEvent {
  return {
    event_type: "session_failed",
    data: { session_id: "", turn_id: null, error, code, stderr, duration_ms: null },
  };
}

/** The agent's JSON-RPC error as the reason of a failure. */
export function failureOf(error: RpcError): TurnFailure {
  const stderr = StderrData.safeParse(error.data).data?.agentStderr ?? null;
  return { error: error.message, code: String(error.code), stderr };
}

/** A line of the agent's standard output that was not JSON, as the proxy reports it. */
export function mapInvalidStdout(params: unknown): DomainEvent {
  const { data } = InvalidStdout.safeParse(params);
  return unparsed(
    data?.error ?? "The agent printed something that is not JSON.",
    "agent stdout",
    data?.raw ?? params,
  );
}

export function unparsed(error: string, location: string | null, raw: unknown): DomainEvent {
  return { event_type: "unparsed", data: { error, location, raw } };
}
