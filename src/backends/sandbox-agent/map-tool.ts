import * as z from "zod";
import type { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent, EventData, ToolKind, ToolStatus } from "#src/domain/event.ts";
import { ToolKind as ToolKinds, ToolStatus as ToolStatuses } from "#src/domain/event.ts";
import { contentFromWire } from "./map-content.ts";
import { planOfTool } from "./map-plan.ts";
import { readClaudeFailure, readOutput, withoutFence } from "./tool-output.ts";
import { diffsIn } from "./start-line.ts";
import { type WireToolCall, WireToolContent } from "./wire.ts";

type ToolFields = Omit<EventData["tool_update"], "id" | "name">;

/** What later frames of a call need to know of earlier ones. */
export type SeenTool = {
  name: string;
  kind: ToolKind;
  title: string;
  input: unknown;
  directory: string | null;
  output: string;
  /** Claude sent the result itself, so the prettified copy that follows adds nothing. */
  structured: boolean;
};
export type ToolMemory = Map<string, SeenTool>;

const Meta = z.looseObject({
  parentToolCallId: z.string().nullish(),
  toolName: z.string().nullish(),
  claudeCode: z
    .looseObject({
      toolName: z.string().nullish(),
      parentToolUseId: z.string().nullish(),
      toolResponse: z.unknown().optional(),
    })
    .nullish(),
});
type Meta = z.infer<typeof Meta>;

const DirectoryInput = z.looseObject({ cwd: z.string() });

/**
 * A `tool_call` or `tool_call_update` as events. The first frame of an id is a start whichever kind it has, since an
 * update may come first; every later one is an update that merges. `memory` is read and advanced.
 */
export function mapTool(call: WireToolCall, memory: ToolMemory): DomainEvent[] {
  const meta = metaOf(call);
  const seen = memory.get(call.toolCallId);
  const content = readContent(call);
  const fields = {
    ...describe(call, meta),
    ...content.fields,
    ...readResult(call, meta, content.text, seen),
  };
  const tool = remember(call, meta, seen, fields);
  memory.set(call.toolCallId, tool);

  const events = seen
    ? updateEvents(call.toolCallId, tool, seen, fields)
    : [...promoteParent(parentOf(call, meta), memory), startEvent(call, meta, tool, fields)];
  const plan = planOfTool(tool.name, call.rawInput, call.rawOutput ?? undefined);
  if (plan) events.push({ event_type: "plan_updated", data: { entries: plan } });
  return events;
}

/**
 * The start that a permission needs when no frame of its tool came first (Codex), else nothing. The call's content is
 * left out: there it describes the request, it is not the tool's output.
 */
export function startForPermission(call: WireToolCall, memory: ToolMemory): DomainEvent[] {
  if (memory.has(call.toolCallId)) return [];
  const { content, ...rest } = call;
  const diffs = content?.filter((item) => WireToolContent.safeParse(item).data?.type === "diff");
  return mapTool({ ...rest, content: diffs }, memory);
}

function parentOf(call: WireToolCall, meta: Meta): string | null {
  return meta.claudeCode?.parentToolUseId ?? meta.parentToolCallId ?? call.parentToolCallId ?? null;
}

/** A call that has calls of its own is a sub-agent, whatever it called itself. */
function promoteParent(parent: string | null, memory: ToolMemory): DomainEvent[] {
  const tool = parent === null ? undefined : memory.get(parent);
  if (parent === null || !tool || tool.kind === "subagent") return [];
  tool.kind = "subagent";
  return [{ event_type: "tool_update", data: { id: parent, kind: "subagent" } }];
}

function startEvent(call: WireToolCall, meta: Meta, tool: SeenTool, fields: ToolFields): DomainEvent {
  const { output_delta: _, ...start } = fields;
  return {
    event_type: "tool_use_start",
    data: {
      id: call.toolCallId,
      name: tool.name,
      parent_id: parentOf(call, meta),
      ...start,
      kind: tool.kind,
      status: start.status ?? "pending",
    },
  };
}

function updateEvents(id: string, tool: SeenTool, seen: SeenTool, fields: ToolFields): DomainEvent[] {
  const data: EventData["tool_update"] = { id, ...fields };
  if (tool.name !== seen.name) data.name = tool.name;
  if (data.kind !== undefined || tool.kind !== seen.kind) data.kind = tool.kind;
  if (fields.output !== undefined && seen.output !== "" && fields.output.startsWith(seen.output)) {
    delete data.output;
    if (fields.output !== seen.output) data.output_delta = fields.output.slice(seen.output.length);
  }
  return Object.keys(data).length > 1 ? [{ event_type: "tool_update", data }] : [];
}

/** The fields that say what the call is. An empty input is a placeholder: the real one follows. */
function describe(call: WireToolCall, meta: Meta): ToolFields {
  const fields: ToolFields = {};
  const kind = kindOf(call.kind, meta.claudeCode?.toolName ?? "");
  const status = statusOf(call.status);
  const cwd = DirectoryInput.safeParse(call.rawInput);
  if (call.title) fields.title = call.title;
  if (kind) fields.kind = kind;
  if (status) fields.status = status;
  if (!isEmpty(call.rawInput)) fields.input = call.rawInput;
  if (cwd.success) fields.directory = cwd.data.cwd;
  if (call.locations)
    fields.locations = call.locations.map(({ path, line }) => ({ path, line: lineOf(line) }));
  return fields;
}

/** Splits a call's content list into its text and the parts that are shown as what they are. */
function readContent(call: WireToolCall): { text: string | null; fields: ToolFields } {
  const texts: string[] = [];
  const blocks: ContentBlock[] = [];
  for (const raw of call.content ?? []) {
    const item = WireToolContent.safeParse(raw).data;
    if (item?.type !== "content") continue;
    if (item.content.type === "text") texts.push(item.content.text);
    else blocks.push(contentFromWire(item.content));
  }
  const fields: ToolFields = {};
  const diffs = diffsIn(call);
  if (diffs.length > 0) fields.diffs = diffs;
  if (blocks.length > 0) fields.content = blocks;
  return { text: texts.length > 0 ? texts.join("\n") : null, fields };
}

/** The call's result. Claude's comes in `_meta` and its text content is a caption or a copy; others' is the content. */
function readResult(
  call: WireToolCall,
  meta: Meta,
  text: string | null,
  seen: SeenTool | undefined,
): ToolFields {
  const response = meta.claudeCode?.toolResponse;
  const raw = response ?? call.rawOutput ?? undefined;
  const result = readOutput(raw);
  const fields: ToolFields = {};
  let output: string | null;
  let { exit_code } = result;
  if (meta.claudeCode) {
    output = claudeOutput(call, result.text, text);
    if (output !== null && call.status === "failed")
      ({ text: output, exit_code } = readClaudeFailure(output));
  } else {
    // Codex fences what a command has written so far.
    const isCommand = (kindOf(call.kind, "") ?? seen?.kind) === "execute";
    output = (text !== null && isCommand ? withoutFence(text) : text) ?? rawText(call, result.text, seen);
  }
  if (seen?.structured && response === undefined && call.status !== "failed") output = null;
  if (output !== null) fields.output = output;
  if (exit_code !== null) fields.exit_code = exit_code;
  if (typeof raw === "object" && raw !== null) fields.raw_output = raw;
  return fields;
}

/** Claude's text content is the caption of a call that runs, and a fenced copy of the output of one that has ended. */
function claudeOutput(call: WireToolCall, result: string | null, text: string | null): string | null {
  const ended = call.status === "completed" || call.status === "failed";
  return result ?? (ended && text !== null ? withoutFence(text) : null);
}

/** The raw result stands in for content that never came; beside content only the reason of a failure is news. */
function rawText(call: WireToolCall, result: string | null, seen: SeenTool | undefined): string | null {
  if (result === null || !seen || seen.output === "") return result;
  const news = call.status === "failed" && !seen.output.includes(result);
  return news ? `${seen.output.trimEnd()}\n${result}` : null;
}

function remember(call: WireToolCall, meta: Meta, seen: SeenTool | undefined, fields: ToolFields): SeenTool {
  const claude = meta.claudeCode;
  const name = claude?.toolName ?? meta.toolName ?? seen?.name ?? nameOf(call);
  return {
    name,
    kind: seen?.kind === "subagent" ? "subagent" : (kindOf(call.kind, name) ?? seen?.kind ?? "other"),
    title: fields.title ?? seen?.title ?? "",
    input: fields.input ?? seen?.input,
    directory: fields.directory ?? seen?.directory ?? null,
    // A call that has ended needs its output no longer, and there may be thousands of them.
    output:
      fields.status === "completed" || fields.status === "failed"
        ? ""
        : (fields.output ?? seen?.output ?? ""),
    structured:
      (claude?.toolResponse !== undefined && fields.output !== undefined) || (seen?.structured ?? false),
  };
}

const NAMES: Partial<Record<ToolKind, string>> = { execute: "shell" };

/** OpenCode's first title is the tool's name; otherwise the kind says more than a title that is a whole command. */
function nameOf(call: WireToolCall): string {
  if (call.title && /^[\w-]{1,64}$/.test(call.title)) return call.title;
  const kind = kindOf(call.kind, "") ?? "other";
  return kind === "other" ? (call.title ?? "tool") : (NAMES[kind] ?? kind);
}

function kindOf(kind: string | null | undefined, name: string): ToolKind | undefined {
  if (/^(task|agent|sub_?agent)$/i.test(name)) return "subagent";
  // A replayed Codex command has a name and no kind.
  if (!kind) return /^(bash|shell|exec_command)$/.test(name) ? "execute" : undefined;
  return ToolKinds.safeParse(kind).data ?? "other";
}

function statusOf(status: string | null | undefined): ToolStatus | undefined {
  if (!status) return undefined;
  return ToolStatuses.safeParse(status).data ?? (/cancel|reject|error/.test(status) ? "failed" : undefined);
}

function metaOf(call: WireToolCall): Meta {
  return Meta.safeParse(call._meta).data ?? {};
}

function lineOf(line: number | null | undefined): number | null {
  return typeof line === "number" && Number.isInteger(line) ? line : null;
}

function isEmpty(input: unknown): boolean {
  return (
    input === undefined || input === null || (typeof input === "object" && Object.keys(input).length === 0)
  );
}
