import type { Usage } from "#src/domain/event.ts";
import type { ToolCall } from "#src/transcript/rows.ts";
import type { Item, Part, PermissionData, QuestionData, Told } from "./universal.ts";

/** A text or thought that streams. */
export type OpenBlock = { item_id: string; kind: "text" | "thinking"; block_id: string | null; text: string };

/** A tool call and the two items that tell it. */
export type ToolMemory = {
  tool: ToolCall;
  call_item: string;
  result_item: string | null;
  /** What the items said last, so that nothing is told twice. */
  call_told: string;
  result_told: string;
  output_told: string;
};

/** What the encoding of a session remembers; it reads and advances it. */
export type EncodeMemory = {
  /** Items numbered so far. */
  items: number;
  turn_id: string | null;
  /** Tokens and cost so far; told with the turn's end. */
  usage: Partial<Usage>;
  open: OpenBlock | null;
  /** Texts of this turn by block id. */
  blocks: Map<string, { item_id: string; text: string; complete: boolean }>;
  tools: Map<string, ToolMemory>;
  /** Prompts by message id. */
  prompts: Map<string, string>;
  permissions: Map<string, PermissionData>;
  questions: Map<string, QuestionData>;
};

export function createEncodeMemory(): EncodeMemory {
  return {
    items: 0,
    turn_id: null,
    usage: {},
    open: null,
    blocks: new Map(),
    tools: new Map(),
    prompts: new Map(),
    permissions: new Map(),
    questions: new Map(),
  };
}

/** The next item's id; ids are counted, so the same log always gives the same. */
export function nextItemId(memory: EncodeMemory): string {
  memory.items += 1;
  return `itm_${memory.items}`;
}

type ItemFields = Pick<Item, "item_id" | "kind" | "role" | "content"> & Partial<Item>;

export function started(fields: ItemFields): Told {
  return { type: "item.started", data: { item: itemOf(fields, "in_progress") } };
}

export function completed(fields: ItemFields): Told {
  return { type: "item.completed", data: { item: itemOf(fields, "completed") } };
}

function itemOf(fields: ItemFields, status: Item["status"]): Item {
  return { native_item_id: null, parent_id: null, status, ...fields };
}

export function delta(item_id: string, text: string): Told {
  return { type: "item.delta", data: { item_id, native_item_id: null, delta: text } };
}

/** An item that is told whole. */
export function whole(memory: EncodeMemory, kind: Item["kind"], role: Item["role"], content: Part[]): Told[] {
  const fields = { item_id: nextItemId(memory), kind, role, content };
  return [started(fields), completed(fields)];
}
