import type { Row, RowOf } from "#src/transcript/rows.ts";
import { groupRows, type RowGroup, type RowItem } from "#src/transcript/group.ts";
import { type Block, type BlockList, emptyBlocks, lexBlocks } from "./markdown/blocks.ts";

/**
 * What stands in one place of the list: a row, one block of a text row, or a run of small tool calls. `lead` marks
 * where the agent begins to speak.
 */
export type Item = { readonly key: string; readonly lead: boolean } & (
  | { readonly kind: "row"; readonly row: Row; readonly nested: boolean }
  | { readonly kind: "block"; readonly row: RowOf<"text">; readonly block: Block; readonly last: boolean }
  | { readonly kind: "group"; readonly group: RowGroup }
);

type Listener = () => void;

/** The keys in order. `shift`: the last change only put items in front, so the place of the others moved. */
export type ItemKeys = { readonly keys: readonly string[]; readonly shift: boolean };

/**
 * The rows of a transcript as the items of a list. The keys change only when items come or go, and an item keeps its
 * reference while nothing of it changes, so a delta renders the last block and nothing else.
 */
export class ItemModel {
  #list: ItemKeys = { keys: [], shift: false };
  #items: ReadonlyMap<string, Item> = new Map();
  #blocks: ReadonlyMap<string, BlockList> = new Map();
  #groups: readonly RowItem[] = [];
  readonly #keyListeners = new Set<Listener>();
  readonly #itemListeners = new Map<string, Set<Listener>>();

  /** Takes the rows as they are now; tells whoever reads what changed. `isOpen` says which groups are unfolded. */
  update(rows: readonly Row[], isOpen: (group: RowGroup) => boolean): void {
    const before = this.#items;
    this.#groups = groupRows(rows, this.#groups);
    const blocks = new Map<string, BlockList>();
    const items = new Map<string, Item>();
    for (const made of this.#itemsOf(isOpen, blocks)) {
      const old = before.get(made.key);
      items.set(made.key, old && sameItem(old, made) ? old : made);
    }
    this.#items = items;
    this.#blocks = blocks;
    for (const [key, listeners] of this.#itemListeners) {
      if (items.get(key) !== before.get(key)) for (const listener of listeners) listener();
    }
    const keys = [...items.keys()];
    const old = this.#list.keys;
    if (sameKeys(keys, old)) return;
    const [first] = old;
    this.#list = { keys, shift: first !== undefined && keys[0] !== first && items.has(first) };
    for (const listener of this.#keyListeners) listener();
  }

  /** The same reference until an item comes or goes. */
  list = (): ItemKeys => this.#list;

  item = (key: string): Item | undefined => this.#items.get(key);

  /** The place of the item that shows a row, or its first block; -1 when it is not here. */
  indexOfRow(row_key: string): number {
    return this.#list.keys.findIndex((key) => {
      const item = this.#items.get(key);
      if (!item) return false;
      return item.kind === "group"
        ? item.group.rows.some((row) => row.key === row_key)
        : item.row.key === row_key;
    });
  }

  /** The group that a row is folded into. */
  groupOf(row_key: string): RowGroup | undefined {
    for (const item of this.#items.values()) {
      if (item.kind === "group" && item.group.rows.some((row) => row.key === row_key)) return item.group;
    }
    return undefined;
  }

  subscribeKeys = (listener: Listener): (() => void) => {
    this.#keyListeners.add(listener);
    return () => this.#keyListeners.delete(listener);
  };

  subscribeItem(key: string, listener: Listener): () => void {
    const listeners = this.#itemListeners.get(key) ?? new Set();
    this.#itemListeners.set(key, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#itemListeners.delete(key);
    };
  }

  *#itemsOf(isOpen: (group: RowGroup) => boolean, blocks: Map<string, BlockList>): Generator<Item> {
    let agentSpeaks = false;
    for (const entry of this.#groups) {
      if (entry.kind === "group") {
        yield { key: entry.key, lead: !agentSpeaks, kind: "group", group: entry };
        if (isOpen(entry)) {
          for (const row of entry.rows) yield { key: row.key, lead: false, kind: "row", row, nested: true };
        }
      } else if (entry.row.kind === "text") {
        yield* this.#blockItems(entry.row, !agentSpeaks, blocks);
      } else {
        const { row } = entry;
        const lead = !agentSpeaks && isAgents(row);
        yield {
          key: row.key,
          lead,
          kind: "row",
          row,
          nested: row.kind === "tool" && row.tool.parent_id !== null,
        };
      }
      agentSpeaks = speaksAfter(entry.kind === "group" ? null : entry.row, agentSpeaks);
    }
  }

  *#blockItems(row: RowOf<"text">, lead: boolean, blocks: Map<string, BlockList>): Generator<Item> {
    const list = lexBlocks(this.#blocks.get(row.key) ?? emptyBlocks, row.text, row.open);
    blocks.set(row.key, list);
    const shown = list.blocks.filter((block) => block.token.type !== "space" && block.token.type !== "def");
    for (const [index, block] of shown.entries()) {
      const key = index === 0 ? row.key : `${row.key}/${index}`;
      yield { key, lead: lead && index === 0, kind: "block", row, block, last: index === shown.length - 1 };
    }
  }
}

/** Whether a row is something the agent says or does, which needs its name above when it begins. */
function isAgents(row: Row): boolean {
  switch (row.kind) {
    case "text":
    case "thinking":
    case "content":
    case "tool":
    case "permission":
    case "question":
      return true;
    default:
      return false;
  }
}

function speaksAfter(row: Row | null, before: boolean): boolean {
  if (row === null || isAgents(row)) return true;
  return row.kind === "user" || row.kind === "turn_end" ? false : before;
}

function sameItem(a: Item, b: Item): boolean {
  if (a.kind !== b.kind || a.lead !== b.lead) return false;
  if (a.kind === "block" && b.kind === "block") {
    // A finished block is the same whatever the row's later text is; the last one carries the row's own state.
    return a.block === b.block && a.last === b.last && (!b.last || a.row === b.row);
  }
  if (a.kind === "row" && b.kind === "row") return a.row === b.row && a.nested === b.nested;
  if (a.kind === "group" && b.kind === "group") return a.group === b.group;
  return false;
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
