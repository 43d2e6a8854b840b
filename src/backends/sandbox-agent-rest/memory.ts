import type { DomainEvent } from "#src/domain/event.ts";

/** What an item has shown so far. */
export type ItemMemory = {
  /** Null: only deltas came, so it is not known yet what they are about. */
  kind: string | null;
  /** Where its deltas go. */
  channel: "user" | "text" | "thinking" | "tool" | "log";
  /** Deltas that came before the item's start. */
  early: string;
  /** The whole text, from deltas or final. */
  text: string;
  /** The part of `text` since something else came between. */
  segment: string;
  /** Content of the start, shown only when no delta and no end replaces it. */
  unsaid: readonly unknown[];
  completed: boolean;
  /** Parts other than text that were shown, as JSON: an item may complete more than once. */
  told: Set<string>;
  call_id: string | null;
};

/** The turn that runs. */
export type TurnMemory = {
  /** The prompt that this client sent; null for another client's turn. */
  prompt: string | null;
  /** The item that is this client's prompt, once it was seen. */
  prompt_item: string | null;
  /** The upstream said that it began; servers before 0.1.10 never do. */
  told: boolean;
  turn_id: string | null;
  /** A permission or question came in it. */
  asked: boolean;
  aborted: boolean;
  /** An error that nothing followed. */
  error: { message: string; code: string | null; stderr: string | null } | null;
};

/** What the mapping of a session remembers; it reads and advances it. */
export type SessionMemory = {
  turn: TurnMemory | null;
  /** The upstream's id of the turn before: its end may be told twice, or late. */
  ended_turn_id: string | null;
  items: Map<string, ItemMemory>;
  /** Tool calls by id, with the input they were started with. */
  calls: Map<string, { name: string; input: string }>;
  /** An agent's own item id → the call it is. */
  native_calls: Map<string, string>;
  /** Requests that wait. */
  waiting: Set<string>;
  /** Requests that were ever asked. */
  asked: Set<string>;
  /** What the next event may make needless: a permission that it resolves, an error that it ends the turn with. */
  held: { permission_id: string | null; events: DomainEvent[] } | null;
  /** The item whose text is streaming. */
  streaming: string | null;
  status_line: string | null;
};

export function createMemory(): SessionMemory {
  return {
    turn: null,
    ended_turn_id: null,
    items: new Map(),
    calls: new Map(),
    native_calls: new Map(),
    waiting: new Set(),
    asked: new Set(),
    held: null,
    streaming: null,
    status_line: null,
  };
}

/** Opens a turn; `prompt` is null when another client began it. */
export function openTurn(memory: SessionMemory, prompt: string | null): TurnMemory {
  // What completed in an earlier turn is not spoken of again.
  for (const [id, item] of memory.items) if (item.completed) memory.items.delete(id);
  memory.turn = {
    prompt,
    prompt_item: null,
    told: false,
    turn_id: null,
    asked: false,
    aborted: false,
    error: null,
  };
  return memory.turn;
}

export function itemOf(memory: SessionMemory, id: string): ItemMemory {
  const known = memory.items.get(id);
  if (known) return known;
  const item: ItemMemory = {
    kind: null,
    channel: "text",
    early: "",
    text: "",
    segment: "",
    unsaid: [],
    completed: false,
    told: new Set(),
    call_id: null,
  };
  memory.items.set(id, item);
  return item;
}
