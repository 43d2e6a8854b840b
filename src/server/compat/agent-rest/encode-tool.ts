import type { Envelope } from "#src/domain/event.ts";
import type { Diff } from "#src/domain/request.ts";
import { emptyTool, isTerminal, mergeIntoTool } from "#src/transcript/apply-tool.ts";
import { closeBlock } from "./encode-text.ts";
import { completed, delta, type EncodeMemory, nextItemId, started, type ToolMemory } from "./memory.ts";
import { patchText } from "./patch-text.ts";
import type { Part, Told } from "./universal.ts";

type ToolEvent = Extract<
  Envelope,
  { event_type: "tool_use_start" | "tool_update" | "tool_input_delta" | "tool_result" }
>;

/** News of a tool call that may be its first. The merge is the transcript's own, so both always agree. */
export function encodeTool(event: ToolEvent, id: string, name: string, memory: EncodeMemory): Told[] {
  const known = memory.tools.get(id);
  if (known) return change(known, event, memory);
  const closing = closeBlock(memory);
  const tool: ToolMemory = {
    tool: emptyTool(id, name),
    call_item: nextItemId(memory),
    result_item: null,
    call_told: "",
    result_told: "",
    output_told: "",
  };
  memory.tools.set(id, tool);
  mergeIntoTool(tool.tool, event);
  return [...closing, started(callItem(tool, callParts(tool), memory)), ...news(tool, memory)];
}

/** An event about a call that is known: progress, a bare end, or the end of its turn. */
export function change(known: ToolMemory, event: Envelope, memory: EncodeMemory): Told[] {
  mergeIntoTool(known.tool, event);
  return news(known, memory);
}

/** Forgets the calls that are over: agents count their ids anew when they restart. */
export function forgetEndedTools(memory: EncodeMemory): void {
  for (const [id, { tool }] of memory.tools) if (isTerminal(tool.status)) memory.tools.delete(id);
}

/** What the merged call says beyond what its items said. */
function news(memorized: ToolMemory, memory: EncodeMemory): Told[] {
  const { tool } = memorized;
  const told: Told[] = [];
  const over = isTerminal(tool.status);
  const call = callParts(memorized);
  const call_text = JSON.stringify(call);
  // A call item completes when the call is written, not when the tool has run.
  if ((over || tool.input !== undefined) && call_text !== memorized.call_told) {
    memorized.call_told = call_text;
    told.push(completed(callItem(memorized, call, memory)));
  }
  told.push(...outputNews(memorized, memory));
  if (!over) return told;
  const result = resultParts(memorized);
  const text = JSON.stringify([tool.status, result]);
  if (text === memorized.result_told) return told;
  memorized.result_told = text;
  const opening = memorized.result_item === null ? [startResult(memorized, memory)] : [];
  const status = tool.status === "failed" ? "failed" : "completed";
  told.push(...opening, completed({ ...resultItem(memorized), content: result, status }));
  return told;
}

/** Output as it comes: only what appends can be told before the end. */
function outputNews(memorized: ToolMemory, memory: EncodeMemory): Told[] {
  const { output } = memorized.tool;
  if (output === memorized.output_told || !output.startsWith(memorized.output_told)) return [];
  const opening = memorized.result_item === null ? [startResult(memorized, memory)] : [];
  const more = output.slice(memorized.output_told.length);
  memorized.output_told = output;
  return [...opening, delta(resultItem(memorized).item_id, more)];
}

function startResult(memorized: ToolMemory, memory: EncodeMemory): Told {
  memorized.result_item = nextItemId(memory);
  const empty: Part = { type: "tool_result", call_id: memorized.tool.id, output: "" };
  return started({ ...resultItem(memorized), content: [empty] });
}

function callItem({ tool, call_item }: ToolMemory, content: Part[], memory: EncodeMemory) {
  const parent = tool.parent_id === null ? undefined : memory.tools.get(tool.parent_id);
  return {
    item_id: call_item,
    native_item_id: tool.id,
    parent_id: parent?.call_item ?? null,
    kind: "tool_call" as const,
    role: "assistant" as const,
    content,
  };
}

function resultItem({ call_item, result_item }: ToolMemory) {
  return {
    item_id: result_item ?? call_item,
    parent_id: call_item,
    kind: "tool_result" as const,
    role: "tool" as const,
  };
}

function callParts({ tool }: ToolMemory): Part[] {
  const { id, name, input, locations, diffs } = tool;
  const changed = new Set(diffs.map(({ path }) => path));
  return [
    { type: "tool_call", name, arguments: argumentsOf(input), call_id: id },
    ...locations
      .filter(({ path }) => !changed.has(path))
      .map(({ path }): Part => ({ type: "file_ref", path, action: "read", diff: null })),
  ];
}

function resultParts({ tool }: ToolMemory): Part[] {
  const { id, output, diffs, content } = tool;
  return [
    { type: "tool_result", call_id: id, output },
    ...diffs.map((diff: Diff): Part => ({
      type: "file_ref",
      path: diff.path,
      action: diff.old_text === null ? "write" : "patch",
      diff: patchText(diff),
    })),
    ...content.flatMap((block): Part[] =>
      block.type === "image"
        ? [{ type: "image", path: `data:${block.media_type};base64,${block.data}`, mime: block.media_type }]
        : [],
    ),
  ];
}

/** Arguments are JSON text; input that is text already stays as it is. */
function argumentsOf(input: unknown): string {
  if (input === undefined) return "{}";
  return typeof input === "string" ? input : JSON.stringify(input);
}
