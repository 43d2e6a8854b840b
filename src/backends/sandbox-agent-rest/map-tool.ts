import type { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent, EventData } from "#src/domain/event.ts";
import type { Diff } from "#src/domain/request.ts";
import { toolKindOf } from "#src/backends/shared/tool-kind.ts";
import type { ItemMemory, SessionMemory } from "./memory.ts";
import type { Item, Part } from "./wire.ts";

type ToolFields = Omit<EventData["tool_update"], "id" | "name">;
type CallPart = Extract<Part, { type: "tool_call" }>;
type ResultPart = Extract<Part, { type: "tool_result" }>;

/**
 * A tool_call or tool_result item as events. OpenCode and Codex begin an item as a call and complete it as a result, so
 * both kinds are one story that merges by call id (spec 3, surprise 4).
 */
export function mapToolItem(
  item: Item,
  parts: readonly Part[],
  seen: ItemMemory,
  memory: SessionMemory,
  completed: boolean,
): DomainEvent[] {
  const call = parts.find((part) => part.type === "tool_call");
  const results = parts.filter((part) => part.type === "tool_result");
  const id = call?.call_id || results[0]?.call_id || seen.call_id || item.item_id;
  seen.call_id = id;
  if (item.native_item_id) memory.native_calls.set(item.native_item_id, id);
  const fields = newOnly(fieldsOf(parts), seen);
  const parent = memory.items.get(item.parent_id ?? "")?.call_id ?? null;
  const events = startOrUpdate({ id, parent_id: parent === id ? null : parent }, call, fields, memory);
  return completed ? [...events, ...endOf(item, id, parts, results)] : [...events, ...soFar(id, results)];
}

function startOrUpdate(
  { id, parent_id }: { id: string; parent_id: string | null },
  call: CallPart | undefined,
  fields: ToolFields,
  memory: SessionMemory,
): DomainEvent[] {
  const known = memory.calls.get(id);
  const input = call?.arguments ?? known?.input ?? "";
  memory.calls.set(id, { name: call?.name ?? known?.name ?? "tool", input });
  if (!known) {
    const name = call?.name ?? "tool";
    const data: EventData["tool_use_start"] = {
      id,
      name,
      parent_id,
      kind: fields.diffs ? "edit" : toolKindOf(name),
      status: "in_progress",
      ...fields,
    };
    if (call) data.input = inputOf(call.arguments);
    return [{ event_type: "tool_use_start", data }];
  }
  const data: EventData["tool_update"] = { id, ...fields };
  if (call && call.arguments !== known.input) data.input = inputOf(call.arguments);
  return Object.keys(data).length > 1 ? [{ event_type: "tool_update", data }] : [];
}

/** The end of an item repeats its start's content. */
function newOnly(fields: ToolFields, seen: ItemMemory): ToolFields {
  const key = JSON.stringify(fields);
  if (seen.told.has(key)) return {};
  seen.told.add(key);
  return fields;
}

function soFar(id: string, results: readonly ResultPart[]): DomainEvent[] {
  const output = outputOf(results);
  return output === "" ? [] : [{ event_type: "tool_update", data: { id, output } }];
}

/** A call item completes when the call is written, not when the tool has run: only a result or a failure ends it. */
function endOf(
  item: Item,
  id: string,
  parts: readonly Part[],
  results: readonly ResultPart[],
): DomainEvent[] {
  const failed = item.status === "failed";
  if (results.length > 0) {
    const data = { tool_use_id: id, content: outputOf(results), is_error: failed };
    return [{ event_type: "tool_result", data }];
  }
  const changed = parts.some((part) => part.type === "file_ref" && part.diff);
  const ran = failed || changed || item.kind === "tool_result";
  return ran ? [{ event_type: "tool_update", data: { id, status: failed ? "failed" : "completed" } }] : [];
}

function outputOf(results: readonly ResultPart[]): string {
  return results.map(({ output }) => unwrap(output)).join("\n");
}

/** Claude's results are JSON values written as text: a string, or its list of text blocks. */
function unwrap(output: string): string {
  if (!/^["[]/.test(output)) return output;
  const value = parseJson(output);
  if (typeof value === "string") return value;
  if (!Array.isArray(value) || value.length === 0) return output;
  const texts = value.map((block: unknown) =>
    typeof block === "object" && block !== null && "text" in block ? block.text : null,
  );
  return texts.every((text) => typeof text === "string") ? texts.join("\n") : output;
}

/** Arguments are JSON text; what is not stays text. */
function inputOf(text: string): unknown {
  if (text === "") return {};
  const value = parseJson(text);
  return value === undefined ? text : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller shows the text itself.
    return undefined;
  }
}

function fieldsOf(parts: readonly Part[]): ToolFields {
  const locations: NonNullable<ToolFields["locations"]> = [];
  const diffs: Diff[] = [];
  const content: ContentBlock[] = [];
  for (const part of parts) {
    if (part.type === "file_ref") {
      locations.push({ path: part.path, line: null });
      if (part.diff) diffs.push(...diffsOf(part.path, part.action, part.diff));
    } else if (part.type === "image") {
      content.push(imageBlock(part.path, part.mime ?? undefined));
    }
  }
  const fields: ToolFields = {};
  if (locations.length > 0) fields.locations = locations;
  if (diffs.length > 0) fields.diffs = diffs;
  if (content.length > 0) fields.content = content;
  return fields;
}

const DATA_URL = /^data:([^;,]+);base64,(.*)$/s;

/** An image that travels in its address is shown; any other is named. */
export function imageBlock(path: string, media_type?: string): ContentBlock {
  const [, type, data] = DATA_URL.exec(path) ?? [];
  return type !== undefined && data !== undefined
    ? { type: "image", media_type: type, data }
    : fileBlock(path, media_type);
}

/** A file by its path in the sandbox, or its address: it is named, never fetched. */
export function fileBlock(path: string, media_type?: string): ContentBlock {
  const name = path.split(/[/\\]/).findLast((segment) => segment !== "") ?? path;
  return { type: "file", name, media_type, path };
}

/** What stands before the first hunk of a patch. */
const HEADER = /^(---|\+\+\+|diff |index )/;
const HUNK = /^@@(?: -\d+(?:,\d+)? \+(\d+)(?:,(\d+))?)?/;

/** What each hunk of a patch changes: its lines before and after, and where they begin when it says so. */
export function diffsOf(path: string, action: string, patch: string): Diff[] {
  const hunks: { start_line?: number; lines: string[] }[] = [];
  for (const line of patch.replace(/\n$/, "").split("\n")) {
    const header = HUNK.exec(line);
    if (header) hunks.push({ ...startOf(header), lines: [] });
    if (header || line.startsWith("\\ ") || (hunks.length === 0 && HEADER.test(line))) continue;
    if (hunks.length === 0) hunks.push({ lines: [] });
    hunks.at(-1)?.lines.push(line);
  }
  return hunks.map(({ lines, ...place }) => {
    const side = (drop: string): string =>
      lines
        .filter((line) => !line.startsWith(drop))
        .map((line) => `${line.replace(/^[-+ ]/, "")}\n`)
        .join("");
    const [old_text, new_text] = [side("+"), side("-")];
    const whole = action === "write" && old_text === "" && hunks.length === 1;
    return whole ? { path, old_text: null, new_text, start_line: 1 } : { path, old_text, new_text, ...place };
  });
}

/** Of no lines, a patch names the line before them. */
function startOf([, line, count]: RegExpExecArray): { start_line?: number } {
  return line === undefined ? {} : { start_line: Number(line) + (count === "0" ? 1 : 0) };
}
