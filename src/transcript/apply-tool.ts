import type { Envelope, EventData, ToolStatus } from "#src/domain/event.ts";
import { answered, asked } from "./apply-request.ts";
import type { RowOf, ToolCall } from "./rows.ts";

/** Merges an event into the tool call of a row. */
export function applyToTool(row: RowOf<"tool">, event: Envelope): void {
  mergeIntoTool(row.tool, event);
}

/** What an event says about a tool call, written into it; the call is the caller's to write to. */
export function mergeIntoTool(tool: ToolCall, event: Envelope): void {
  const at = event.timestamp;
  switch (event.event_type) {
    case "tool_use_start":
      return mergeStart(tool, event.data, at);
    case "tool_update":
      return mergeUpdate(tool, event.data, at);
    case "tool_input_delta":
      return mergeInput(tool, event.data.partial_json);
    case "tool_progress":
      tool.progress = progressText(event.data.progress);
      return;
    case "tool_result":
      return mergeResult(tool, event.data, at);
    case "tool_use_complete":
    case "turn_started":
      return settle(tool, "completed", at);
    case "session_completed":
      return settle(tool, event.data.stop_reason === "cancelled" ? "failed" : "completed", at);
    case "session_failed":
      return settle(tool, "failed", at);
    case "permission_request":
      tool.permissions = [...tool.permissions, asked(event.data, at)];
      return;
    case "permission_response":
      return mergeAnswer(tool, event.data, at);
    case "file_changed":
      tool.locations = [...tool.locations, { path: event.data.file_path, line: null }];
      return;
    default:
      return;
  }
}

/** Whether a tool call with this status is over. */
export function isTerminal(status: ToolStatus | undefined): boolean {
  return status === "completed" || status === "failed";
}

/** A tool call of which nothing is known but its id. */
export function emptyTool(id: string, name: string): ToolCall {
  return {
    id,
    name,
    title: name,
    kind: "other",
    status: "pending",
    input: undefined,
    input_json: null,
    output: "",
    raw_output: undefined,
    exit_code: null,
    directory: null,
    locations: [],
    diffs: [],
    content: [],
    parent_id: null,
    progress: null,
    ended_at: null,
    permissions: [],
  };
}

function mergeStart(tool: ToolCall, data: EventData["tool_use_start"], at: string): void {
  tool.name = data.name;
  tool.parent_id = data.parent_id ?? tool.parent_id;
  // Agents start a call again with an empty input after its permission told the whole one.
  const { input, ...rest } = data;
  mergeFields(tool, tool.input !== undefined && isEmptyObject(input) ? rest : data, at);
}

function mergeUpdate(tool: ToolCall, data: EventData["tool_update"], at: string): void {
  if (data.name !== undefined) tool.name = data.name;
  mergeFields(tool, data, at);
}

type ToolFields = Omit<EventData["tool_update"], "id" | "name">;

function mergeFields(tool: ToolCall, data: ToolFields, at: string): void {
  tool.title = data.title ?? tool.title;
  tool.kind = data.kind ?? tool.kind;
  tool.directory = data.directory ?? tool.directory;
  tool.locations = data.locations ?? tool.locations;
  tool.diffs = data.diffs ?? tool.diffs;
  tool.content = data.content ?? tool.content;
  if (data.exit_code !== undefined) tool.exit_code = data.exit_code;
  if (data.raw_output !== undefined) tool.raw_output = data.raw_output;
  if (data.output !== undefined) tool.output = data.output;
  if (data.output_delta !== undefined) tool.output += data.output_delta;
  if (data.input !== undefined) {
    tool.input = data.input;
    tool.input_json = null;
  }
  if (data.status !== undefined) setStatus(tool, data.status, at);
}

function mergeInput(tool: ToolCall, partial_json: string): void {
  tool.input_json = (tool.input_json ?? "") + partial_json;
  const whole = parseWhole(tool.input_json);
  if (whole === undefined) return;
  tool.input = whole;
  tool.input_json = null;
}

function mergeResult(tool: ToolCall, data: EventData["tool_result"], at: string): void {
  // What streamed may hold more than the result, which agents shorten.
  if (data.content.length > tool.output.length) tool.output = data.content;
  setStatus(tool, data.is_error ? "failed" : "completed", at);
}

function mergeAnswer(tool: ToolCall, data: EventData["permission_response"], at: string): void {
  tool.permissions = tool.permissions.map((permission) =>
    permission.request.request_id === data.request_id ? answered(permission, data, at) : permission,
  );
}

/** A call that is over stays over: late frames of its start do not make it run again. */
function setStatus(tool: ToolCall, status: ToolStatus, at: string): void {
  if (isTerminal(tool.status) && !isTerminal(status)) return;
  tool.status = status;
  if (isTerminal(status)) tool.ended_at ??= at;
}

function settle(tool: ToolCall, status: "completed" | "failed", at: string): void {
  if (!isTerminal(tool.status)) setStatus(tool, status, at);
}

/** The value of JSON text that is a whole object or array, else undefined: it is still streaming. */
function parseWhole(json: string): unknown {
  const end = json.trimEnd().at(-1);
  if (end !== "}" && end !== "]") return undefined;
  try {
    return JSON.parse(json);
  } catch {
    // A brace inside the text: the rest is still to come.
    return undefined;
  }
}

function progressText(progress: unknown): string {
  if (typeof progress === "string") return progress;
  if (typeof progress === "object" && progress !== null) {
    const message = "message" in progress ? progress.message : "text" in progress ? progress.text : undefined;
    if (typeof message === "string") return message;
  }
  return JSON.stringify(progress) ?? "";
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
