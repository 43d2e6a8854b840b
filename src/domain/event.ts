import * as z from "zod";
import { AgentCommand, SessionOption } from "./agent.ts";
import { BackendState } from "./backend.ts";
import { ContentBlock } from "./content.ts";
import { Actor, Diff, PermissionOption, Question, Reply } from "./request.ts";
import { SandboxState } from "./sandbox.ts";
import { QueuedMessage, SessionState } from "./session.ts";

/** What kind of work a tool call is; decides its card. The ACP words, plus `subagent`. */
export const ToolKind = z.enum([
  "read",
  "edit",
  "delete",
  "move",
  "search",
  "execute",
  "think",
  "fetch",
  "switch_mode",
  "subagent",
  "other",
]);
export type ToolKind = z.infer<typeof ToolKind>;

export const ToolStatus = z.enum(["pending", "in_progress", "completed", "failed"]);
export type ToolStatus = z.infer<typeof ToolStatus>;

export const ToolLocation = z.object({ path: z.string(), line: z.number().int().nullable().default(null) });
export type ToolLocation = z.infer<typeof ToolLocation>;

/** The fields of a tool call that updates merge by: an absent field is unchanged, a present one replaces. */
const toolFields = {
  title: z.string().optional(),
  kind: ToolKind.optional(),
  status: ToolStatus.optional(),
  input: z.unknown().optional(),
  output: z.string().optional().describe("the whole output so far; replaces"),
  output_delta: z.string().optional().describe("appends to the output"),
  raw_output: z.unknown().optional(),
  exit_code: z.number().int().nullable().optional(),
  directory: z.string().optional(),
  locations: z.array(ToolLocation).optional(),
  diffs: z.array(Diff).optional(),
  content: z.array(ContentBlock).optional().describe("images and files the tool returned"),
};

export const PlanEntry = z.object({
  content: z.string(),
  priority: z.enum(["high", "medium", "low"]).default("medium"),
  status: z.enum(["pending", "in_progress", "completed"]),
});
export type PlanEntry = z.infer<typeof PlanEntry>;

const usageFields = {
  used: z.number().nullable().describe("tokens in the context now"),
  size: z.number().nullable().describe("tokens the context holds"),
  input_tokens: z.number().nullable(),
  output_tokens: z.number().nullable(),
  cached_tokens: z.number().nullable(),
  cost: z.object({ amount: z.number(), currency: z.string() }).nullable(),
};

export const Usage = z.object({
  used: usageFields.used.default(null),
  size: usageFields.size.default(null),
  input_tokens: usageFields.input_tokens.default(null),
  output_tokens: usageFields.output_tokens.default(null),
  cached_tokens: usageFields.cached_tokens.default(null),
  cost: usageFields.cost.default(null),
});
export type Usage = z.infer<typeof Usage>;

export const StopReason = z.enum(["end_turn", "max_tokens", "max_turn_requests", "refusal", "cancelled"]);
export type StopReason = z.infer<typeof StopReason>;

/**
 * Every event of the log: its type and the shape of its `data`. The Sessions API's types (its spec, section 4)
 * and Sandbar's own (design §4). `block_id` names the text block a delta belongs to: deltas of one id append to
 * one row, another id opens another row, and a tool call between two deltas separates them too.
 */
export const eventData = {
  // a session's conversation
  user_message: z.object({
    message_id: z.string(),
    content: z.array(ContentBlock),
    turn_id: z.string().nullable(),
    author: z.string().nullable().default(null),
  }),
  turn_started: z.object({ turn_id: z.string(), message_id: z.string().nullable() }),
  text_delta: z.object({ text: z.string(), block_id: z.string().optional() }),
  text_complete: z.object({
    text: z.string().describe("the block's final text; replaces what the deltas made"),
    block_id: z.string().optional(),
  }),
  thinking_delta: z.object({ text: z.string(), block_id: z.string().optional() }),
  message_content: z.object({
    block_id: z.string().optional(),
    content: z.array(ContentBlock).describe("images and files the agent sent as part of its answer"),
  }),
  tool_use_start: z.object({
    id: z.string(),
    name: z.string(),
    parent_id: z.string().nullable().default(null).describe("the sub-agent call this one runs under"),
    ...toolFields,
  }),
  tool_input_delta: z.object({ id: z.string(), partial_json: z.string() }),
  tool_update: z.object({ id: z.string(), name: z.string().optional(), ...toolFields }),
  tool_progress: z.object({ tool_use_id: z.string(), progress: z.unknown() }),
  tool_result: z.object({ tool_use_id: z.string(), content: z.string(), is_error: z.boolean() }),
  tool_use_complete: z.object({ id: z.string() }),
  plan_updated: z.object({ entries: z.array(PlanEntry) }),
  // Without defaults: a field that an update leaves out is unchanged.
  usage_updated: z.object(usageFields).partial(),
  file_changed: z.object({ tool_name: z.string(), file_path: z.string(), action: z.string() }),
  permission_request: z.object({
    request_id: z.string(),
    turn_id: z.string().nullable().default(null),
    tool_use_id: z.string().nullable().default(null),
    tool_name: z.string(),
    title: z.string().default(""),
    tool_input: z.unknown(),
    risk_level: z.enum(["low", "medium", "high"]).nullable().default(null),
    directory: z.string().nullable().default(null),
    diffs: z.array(Diff).default([]),
    options: z.array(PermissionOption),
    message_supported: z.boolean().default(false),
    expires_at: z.string().nullable().default(null),
  }),
  permission_response: z.object({
    request_id: z.string(),
    tool_name: z.string(),
    approved: z.boolean(),
    reply: Reply.nullable(),
    option_name: z.string().nullable().default(null),
    message: z.string().nullable().default(null),
    state: z.enum(["answered", "expired", "auto_resolved"]).default("answered"),
    by: Actor.nullable().default(null),
  }),
  user_input_request: z.object({
    request_id: z.string(),
    turn_id: z.string().nullable().default(null),
    tool_use_id: z.string().nullable().default(null),
    title: z.string().default(""),
    questions: z.array(Question),
    expires_at: z.string().nullable().default(null),
  }),
  user_input_response: z.object({
    request_id: z.string(),
    answers: z.array(z.array(z.string())).nullable(),
    state: z.enum(["answered", "rejected", "expired", "auto_resolved"]),
    by: Actor.nullable().default(null),
  }),
  queue_updated: z.object({ queue: z.array(QueuedMessage), queue_length: z.number().int() }),
  stop_requested: z.object({ turn_id: z.string(), by: Actor.nullable().default(null) }),
  session_completed: z.object({
    session_id: z.string(),
    turn_id: z.string().nullable(),
    stop_reason: StopReason.or(z.string()),
    duration_ms: z.number().nullable().default(null),
    cost_usd: z.number().nullable().default(null),
  }),
  session_failed: z.object({
    session_id: z.string(),
    turn_id: z.string().nullable(),
    error: z.string(),
    code: z.string().nullable().default(null),
    stderr: z.string().nullable().default(null).describe("the agent's last stderr lines"),
    duration_ms: z.number().nullable().default(null),
  }),
  error: z.object({
    code: z.string().nullable().default(null),
    message: z.string(),
    details: z.unknown().optional(),
  }),
  log_line: z.object({ line: z.string(), stream: z.string() }),
  unparsed: z.object({ error: z.string(), location: z.string().nullable().default(null), raw: z.unknown() }),
  // a session's life
  session_created: z.object({ session_id: z.string(), agent: z.string(), title: z.string() }),
  session_updated: z.object({
    title: z.string().optional(),
    state: SessionState.optional(),
    state_detail: z.string().nullable().optional(),
    options: z.array(SessionOption).optional(),
    commands: z.array(AgentCommand).optional(),
    archived: z.boolean().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
    change: z.string().optional().describe("what happened, in words, when the transcript should say it"),
  }),
  // a sandbox's life
  sandbox_created: z.object({ sandbox_id: z.string(), name: z.string() }),
  sandbox_updated: z.object({
    name: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  sandbox_state_changed: z.object({
    from: SandboxState.nullable(),
    to: SandboxState,
    detail: z.string().nullable().default(null),
  }),
  provisioning_step: z.object({
    step: z.string(),
    status: z.enum(["started", "done", "failed", "skipped"]),
    detail: z.string().nullable().default(null),
  }),
  provisioning_complete: z.object({ sandbox_id: z.string() }),
  provisioning_failed: z.object({ error: z.string(), step: z.string().nullable().default(null) }),
  // a backend's life, and lists that a page should fetch again
  backend_state_changed: z.object({
    backend_id: z.string(),
    from: BackendState.nullable(),
    to: BackendState.nullable().describe("null: removed"),
    detail: z.string().nullable().default(null),
  }),
  list_changed: z.object({ list: z.enum(["secrets", "credentials", "backends", "tokens", "agents"]) }),
} as const satisfies Record<string, z.ZodType>;

export type EventType = keyof typeof eventData;
export type EventData = { [T in EventType]: z.infer<(typeof eventData)[T]> };

/** An event before it is stored: a type with its data. A union over every type, so a switch narrows `data`. */
export type DomainEvent = { [T in EventType]: { event_type: T; data: EventData[T] } }[EventType];

type EnvelopeBase = {
  /** Decimal string, strictly rising over the whole server; the cursor of every stream. */
  id: string;
  sandbox_id: string | null;
  session_id: string | null;
  /** RFC 3339, UTC, when the server stored it. */
  timestamp: string;
};

/** A stored event, as the stream and the log send it. */
export type Envelope = EnvelopeBase & DomainEvent;

/** The wire form of an Envelope, for OpenAPI; `data`'s shape follows from `event_type`. */
export const EnvelopeSchema = z.object({
  id: z.string(),
  sandbox_id: z.string().nullable(),
  session_id: z.string().nullable(),
  event_type: z.string(),
  data: z.unknown(),
  timestamp: z.string(),
  raw: z.unknown().optional().describe("the upstream payload, with `raw=1`"),
});
