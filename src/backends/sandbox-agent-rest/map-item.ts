import { type DomainEvent, PlanEntry } from "#src/domain/event.ts";
import { fileBlock, imageBlock, mapToolItem } from "./map-tool.ts";
import { type ItemMemory, itemOf, type SessionMemory } from "./memory.ts";
import { type Item, Part } from "./wire.ts";

/** The start of an item. Its content is no prefix of its deltas (spec 3, surprise 1), so a message's waits. */
export function mapItemStarted(item: Item, memory: SessionMemory): DomainEvent[] {
  const seen = itemOf(memory, item.item_id);
  const { parts, strange } = partsOf(item.content);
  classify(item, parts, seen);
  const early = seen.early;
  seen.early = "";
  const deltas = early === "" ? [] : mapItemDelta(item.item_id, early, memory);
  switch (seen.channel) {
    case "user":
      claimPrompt(item.item_id, textOf(parts), memory);
      return deltas;
    case "text":
    case "thinking":
      seen.unsaid = item.content;
      return deltas;
    case "tool":
      memory.streaming = null;
      return [...mapToolItem(item, parts, seen, memory, false), ...strange, ...deltas];
    case "log":
      return [...logOf(parts, memory), ...strange, ...deltas];
    default:
      return seen.channel satisfies never;
  }
}

/** More of an item: plain text that appends to what its kind says. */
export function mapItemDelta(id: string, delta: string, memory: SessionMemory): DomainEvent[] {
  const seen = itemOf(memory, id);
  if (seen.kind === null) {
    seen.early += delta;
    return [];
  }
  switch (seen.channel) {
    case "user":
      seen.text += delta;
      return seen.completed ? userMessage(id, seen.text, memory) : [];
    case "text":
      return textDelta(id, delta, seen, memory);
    case "thinking":
      seen.unsaid = [];
      seen.text += delta;
      memory.streaming = null;
      return [thought(`${id}/thinking`, delta)];
    case "tool":
      memory.streaming = null;
      return [{ event_type: "tool_update", data: { id: seen.call_id ?? id, output_delta: delta } }];
    case "log":
      return [{ event_type: "log_line", data: { line: delta, stream: seen.kind } }];
    default:
      return seen.channel satisfies never;
  }
}

function textDelta(id: string, delta: string, seen: ItemMemory, memory: SessionMemory): DomainEvent[] {
  // The end told the whole text already; OpenCode's may be empty and its deltas late (surprises 2 and 3).
  if (seen.completed && seen.text.includes(delta)) return [];
  seen.unsaid = [];
  seen.text += delta;
  seen.segment = memory.streaming === id ? seen.segment + delta : delta;
  memory.streaming = id;
  return [{ event_type: "text_delta", data: { text: delta, block_id: id } }];
}

/** The end of an item, with its final content. It may come twice, and may have another kind than the start. */
export function mapItemCompleted(item: Item, memory: SessionMemory): DomainEvent[] {
  const seen = itemOf(memory, item.item_id);
  const { parts, strange } = partsOf(item.content);
  classify(item, parts, seen);
  const early = seen.early;
  seen.early = "";
  const deltas = early === "" ? [] : mapItemDelta(item.item_id, early, memory);
  seen.completed = true;
  seen.unsaid = [];
  switch (seen.channel) {
    case "user": {
      const text = textOf(parts) || seen.text;
      seen.text = text;
      claimPrompt(item.item_id, text, memory);
      return text === "" ? [] : userMessage(item.item_id, text, memory);
    }
    case "text":
    case "thinking":
      if (item.kind !== "message")
        return [...deltas, unparsed(`An item of the kind "${item.kind}".`, "item", item)];
      return [...deltas, ...finalParts(item.item_id, parts, seen, memory), ...strange];
    case "tool":
      memory.streaming = null;
      return [...deltas, ...mapToolItem(item, parts, seen, memory, true), ...strange];
    case "log":
      return [...deltas, ...logOf(parts, memory), ...strange];
    default:
      return seen.channel satisfies never;
  }
}

/** What no end came for, said when the turn ends. */
export function mapUnfinished(memory: SessionMemory): DomainEvent[] {
  const events: DomainEvent[] = [];
  for (const [id, seen] of memory.items) {
    if (seen.early !== "") {
      events.push({ event_type: "text_delta", data: { text: seen.early, block_id: id } });
      seen.early = "";
    }
    if (seen.unsaid.length > 0) {
      const { parts, strange } = partsOf(seen.unsaid);
      events.push(...finalParts(id, parts, seen, memory), ...strange);
      seen.unsaid = [];
    }
  }
  return events;
}

function classify(item: Item, parts: readonly Part[], seen: ItemMemory): void {
  seen.kind = item.kind;
  switch (item.kind) {
    case "tool_call":
    case "tool_result":
      seen.channel = "tool";
      return;
    case "status":
    case "system":
      seen.channel = "log";
      return;
    default: {
      const thinks = parts.some(({ type }) => type === "reasoning") && textOf(parts) === "";
      seen.channel = item.role === "user" ? "user" : thinks ? "thinking" : "text";
    }
  }
}

/** Parts in order; the text parts are one text, as the deltas' are. */
function finalParts(
  id: string,
  parts: readonly Part[],
  seen: ItemMemory,
  memory: SessionMemory,
): DomainEvent[] {
  const events: DomainEvent[] = [];
  let said = false;
  for (const [index, part] of parts.entries()) {
    if (part.type === "text") {
      if (!said) events.push(...finalText(id, textOf(parts), seen));
      said = true;
    } else if (part.type === "reasoning") {
      events.push(...reasoning(id, part, seen));
      memory.streaming = null;
    } else {
      const key = JSON.stringify(part);
      if (seen.told.has(key)) continue;
      seen.told.add(key);
      events.push(...otherPart(`${id}/${index}`, part));
      memory.streaming = null;
    }
  }
  return events;
}

function finalText(id: string, text: string, seen: ItemMemory): DomainEvent[] {
  // Claude's one item holds texts between tools: its end may repeat only the last of them.
  if (text === "" || text === seen.text || text === seen.segment) return [];
  seen.text = text;
  seen.segment = text;
  return [{ event_type: "text_complete", data: { text, block_id: id } }];
}

/** Thoughts have no final event: what continues the known text is appended, anything else is a block of its own. */
function reasoning(
  id: string,
  { text, visibility }: Extract<Part, { type: "reasoning" }>,
  seen: ItemMemory,
): DomainEvent[] {
  if (seen.channel === "thinking" && text.startsWith(seen.text)) {
    const more = text.slice(seen.text.length);
    seen.text = text;
    return more === "" ? [] : [thought(`${id}/thinking`, more)];
  }
  if (text === "" || seen.told.has(text)) return [];
  seen.told.add(text);
  return [thought(`${id}/${visibility}/${seen.told.size}`, text)];
}

function thought(block_id: string, text: string): DomainEvent {
  return { event_type: "thinking_delta", data: { text, block_id } };
}

/** A part of a message that is neither its text nor its reasoning. */
function otherPart(block_id: string, part: Exclude<Part, { type: "text" | "reasoning" }>): DomainEvent[] {
  switch (part.type) {
    case "json":
      return [fenced(block_id, "json", JSON.stringify(part.json, null, 2) ?? "null")];
    case "image":
      return [content(block_id, imageBlock(part.path, part.mime ?? undefined))];
    case "file_ref": {
      const file = content(block_id, fileBlock(part.path));
      return part.diff ? [file, fenced(`${block_id}/diff`, "diff", part.diff)] : [file];
    }
    case "status":
      return [{ event_type: "log_line", data: { line: statusLine(part), stream: "status" } }];
    case "tool_call":
    case "tool_result":
      return [unparsed("A tool part in an item that is no tool's.", "item.content", part)];
    default:
      return part satisfies never;
  }
}

function fenced(block_id: string, language: string, text: string): DomainEvent {
  const body = text.endsWith("\n") ? text : `${text}\n`;
  return { event_type: "text_complete", data: { text: `\`\`\`${language}\n${body}\`\`\``, block_id } };
}

function content(block_id: string, block: ReturnType<typeof fileBlock>): DomainEvent {
  return { event_type: "message_content", data: { block_id, content: [block] } };
}

/** Status items are frequent (surprise 8): as log lines they share a row, and the same line twice in a row is one. */
function logOf(parts: readonly Part[], memory: SessionMemory): DomainEvent[] {
  const plan = planOf(parts);
  if (plan) {
    const told = JSON.stringify(plan);
    if (told === memory.status_line) return [];
    memory.status_line = told;
    return [plan];
  }
  const events: DomainEvent[] = [];
  for (const part of parts) {
    const line = lineOf(part);
    if (line === memory.status_line) continue;
    memory.status_line = line;
    const stream = part.type === "status" ? "status" : "system";
    events.push({ event_type: "log_line", data: { line, stream } });
  }
  return events;
}

/** Sandbar's own server tells a plan as one status for each entry. */
function planOf(parts: readonly Part[]): DomainEvent | null {
  const entries = parts.flatMap((part) => {
    const status = part.type === "status" ? PLAN_STATUS.exec(part.label)?.[1] : undefined;
    const entry = { content: "detail" in part ? part.detail : undefined, status };
    return PlanEntry.safeParse(entry).data ?? [];
  });
  if (entries.length === 0 || entries.length < parts.length) return null;
  return { event_type: "plan_updated", data: { entries } };
}

const PLAN_STATUS = /^plan: (pending|in_progress|completed)$/;

function lineOf(part: Part): string {
  if (part.type === "status") return statusLine(part);
  return "text" in part && typeof part.text === "string" ? part.text : JSON.stringify(part);
}

function statusLine({ label, detail }: Extract<Part, { type: "status" }>): string {
  return detail ? `${label}: ${detail}` : label;
}

/** Whether a user item is the prompt this client sent. Attachments are appended to it as text (spec 2). */
function claimPrompt(id: string, text: string, memory: SessionMemory): void {
  const { turn } = memory;
  if (!turn || turn.prompt === null || turn.prompt_item !== null) return;
  if (text === "" || text.trim().startsWith(turn.prompt.trim())) turn.prompt_item = id;
}

/** Another client's prompt; told again under the same id when more of it comes. */
function userMessage(id: string, text: string, { turn }: SessionMemory): DomainEvent[] {
  if (turn?.prompt_item === id) return [];
  const data = { message_id: id, content: [{ type: "text" as const, text }], turn_id: null, author: null };
  return [{ event_type: "user_message", data }];
}

function textOf(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}

function partsOf(content: readonly unknown[]): { parts: Part[]; strange: DomainEvent[] } {
  const parts: Part[] = [];
  const strange: DomainEvent[] = [];
  for (const raw of content) {
    const parsed = Part.safeParse(raw);
    if (parsed.success) parts.push(parsed.data);
    else strange.push(unparsed("A part of an unknown type or shape.", "item.content", raw));
  }
  return { parts, strange };
}

export function unparsed(error: string, location: string | null, raw: unknown): DomainEvent {
  return { event_type: "unparsed", data: { error, location, raw } };
}
