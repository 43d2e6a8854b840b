import type { DomainEvent } from "#src/domain/event.ts";
import type { PermissionOption, Question } from "#src/domain/request.ts";
import { toolKindOf } from "#src/backends/shared/tool-kind.ts";
import type { SessionMemory } from "./memory.ts";
import { type Envelope, source } from "./wire.ts";

/** How long the server waits for an answer before it gives its own, in ms (spec 3). */
const PERMISSION_MS = 300_000;
const QUESTION_MS = 600_000;

const OPTIONS: PermissionOption[] = [
  { id: "once", kind: "allow_once", name: "Allow" },
  { id: "reject", kind: "reject_once", name: "Reject" },
];

/**
 * An event in a shape that only the API's first server sends (spec 4, column SOURCE). Null when it is not that either.
 */
export function mapSource(envelope: Envelope, memory: SessionMemory): DomainEvent[] | null {
  const { event_type, data } = envelope;
  switch (event_type) {
    case "tool_input_delta":
      return toolInputDelta(data, memory);
    case "tool_progress":
      return toolProgress(data, memory);
    case "subagent_start":
      return subagentStart(data, memory);
    case "subagent_end": {
      const parsed = source.subagent_end.safeParse(data).data;
      return parsed ? [{ event_type: "tool_use_complete", data: { id: parsed.id } }] : null;
    }
    case "permission_request":
      return permissionRequest(envelope, memory);
    case "permission_response":
      return permissionResponse(data);
    case "user_input_request":
      return question(envelope);
    case "log_line":
      return [{ event_type: "log_line", data: { line: JSON.stringify(data), stream: "system" } }];
    case "connected":
    case "stats":
      // At the agent's start and of the sandbox's use: neither is part of the conversation.
      return [];
    default:
      return null;
  }
}

/** It names no call: it is the last one's that was started. */
function toolInputDelta(data: unknown, { calls }: SessionMemory): DomainEvent[] | null {
  const parsed = source.tool_input_delta.safeParse(data).data;
  const id = [...calls.keys()].at(-1);
  if (!parsed || id === undefined) return null;
  return [{ event_type: "tool_input_delta", data: { id, partial_json: parsed.partial_json } }];
}

/** The hook after a tool names only the tool: the oldest of its calls has run. */
function toolProgress(data: unknown, { calls }: SessionMemory): DomainEvent[] | null {
  const parsed = source.tool_progress.safeParse(data).data;
  if (!parsed) return null;
  const id = [...calls].find(([, name]) => name === parsed.tool_name)?.[0];
  return id === undefined ? [] : [{ event_type: "tool_use_complete", data: { id } }];
}

function subagentStart(data: unknown, { calls }: SessionMemory): DomainEvent[] | null {
  const parsed = source.subagent_start.safeParse(data).data;
  if (!parsed) return null;
  const { id, name, input } = parsed;
  calls.set(id, name);
  const start = {
    id,
    name,
    parent_id: null,
    kind: "subagent" as const,
    status: "in_progress" as const,
    input,
  };
  return [{ event_type: "tool_use_start", data: start }];
}

function permissionRequest({ data, timestamp }: Envelope, { calls }: SessionMemory): DomainEvent[] | null {
  const parsed = source.permission_request.safeParse(data).data;
  if (!parsed) return null;
  const { request_id, tool_name, tool_input, risk_level } = parsed;
  return [
    {
      event_type: "permission_request",
      data: {
        request_id,
        turn_id: null,
        tool_use_id: [...calls].findLast(([, name]) => name === tool_name)?.[0] ?? null,
        tool_name,
        title: "",
        tool_input,
        risk_level: risk_level ?? null,
        directory: null,
        diffs: [],
        options: OPTIONS,
        message_supported: false,
        expires_at: after(timestamp, PERMISSION_MS),
      },
    },
  ];
}

function permissionResponse(data: unknown): DomainEvent[] | null {
  const parsed = source.permission_response.safeParse(data).data;
  if (!parsed) return null;
  const { request_id, tool_name, approved } = parsed;
  const reply = approved ? ("once" as const) : ("reject" as const);
  const told = { option_name: null, message: null, state: "answered" as const, by: null };
  return [{ event_type: "permission_response", data: { request_id, tool_name, approved, reply, ...told } }];
}

/** One without a request id cannot be answered, so it stays unparsed. */
function question({ data, timestamp }: Envelope): DomainEvent[] | null {
  const parsed = source.user_input_request.safeParse(data).data;
  if (!parsed) return null;
  const questions = parsed.questions.map(({ question, header, multiSelect, options }, index): Question => {
    const choices = options ?? [];
    return {
      id: String(index),
      header: header ?? null,
      question,
      kind: choices.length === 0 ? "text" : multiSelect ? "multiple" : "single",
      options: choices.map(({ label, description }) => ({
        value: label,
        label,
        description: description ?? null,
      })),
      allow_other: true,
      required: false,
    };
  });
  const { request_id, tool_use_id } = parsed;
  const expires_at = after(timestamp, QUESTION_MS);
  const request = {
    request_id,
    turn_id: null,
    tool_use_id: tool_use_id ?? null,
    title: "",
    questions,
    expires_at,
  };
  return [{ event_type: "user_input_request", data: request }];
}

function after(timestamp: string | null | undefined, ms: number): string | null {
  const at = Date.parse(timestamp ?? "");
  return Number.isNaN(at) ? null : new Date(at + ms).toISOString();
}

/** The source's tool calls say neither their kind nor that they run. */
export function describeCall(event: DomainEvent): DomainEvent {
  if (event.event_type !== "tool_use_start") return event;
  const { data } = event;
  return {
    event_type: "tool_use_start",
    data: { ...data, kind: data.kind ?? toolKindOf(data.name), status: data.status ?? "in_progress" },
  };
}
