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

type BlockItem = Extract<Item, { kind: "block" }>;

type Listener = () => void;

/** The keys in order. `shift`: the last change only put items in front, so the place of the others moved. */
export type ItemKeys = { readonly keys: readonly string[]; readonly shift: boolean };

/** The items of one row or group, and what they were made of: when that is the same, so are they. */
type Section = {
  readonly entry: RowItem;
  /** Whether a group is unfolded. */
  readonly open: boolean;
  /** Whether the agent spoke last before it, so that it does not need its name. */
  readonly agentSpeaks: boolean;
  /** How many items it came to. */
  readonly count: number;
};

/** A text row as it was lexed, and the items it came to. */
type Text = { readonly list: BlockList; readonly items: readonly BlockItem[] };

type IsOpen = (group: RowGroup) => boolean;

/**
 * The rows of a transcript as the items of a list. The keys change only when items come or go, and an item keeps its
 * reference while nothing of it changes, so a delta renders the last block and nothing else. What stands before the
 * first change is left alone, and so is what stands after older rows that come in front: neither a delta nor a page of
 * history costs more where there are many rows.
 */
export class ItemModel {
  #list: ItemKeys = { keys: [], shift: false };
  readonly #items = new Map<string, Item>();
  #texts = new Map<string, Text>();
  #groups: readonly RowItem[] = [];
  #sections: Section[] = [];
  readonly #keyListeners = new Set<Listener>();
  readonly #itemListeners = new Map<string, Set<Listener>>();

  /** Takes the rows as they are now; tells whoever reads what changed. `isOpen` says which groups are unfolded. */
  update(rows: readonly Row[], isOpen: IsOpen): void {
    this.#groups = groupRows(rows, this.#groups);
    const kept = this.#unchangedSections(isOpen);
    const tail = kept === 0 ? this.#unchangedEnd(isOpen) : 0;
    const { keys } = this.#list;
    const firstOfTail = this.#sections.length - tail;
    const end = keys.length - countItems(this.#sections, firstOfTail, this.#sections.length);
    const start = end - countItems(this.#sections, kept, firstOfTail);
    const oldKeys = keys.slice(start, end);
    const made = this.#makeItems(kept, tail, isOpen);
    const newKeys = made.map(({ key }) => key);
    const isSameList = sameKeys(newKeys, oldKeys);
    const changed = [...this.#take(made), ...(isSameList ? [] : this.#drop(oldKeys, newKeys))];
    this.#tellItems(changed);
    if (!isSameList) this.#setKeys([...keys.slice(0, start), ...newKeys, ...keys.slice(end)]);
  }

  /** Holds the items that are new or another than before; gives their keys. */
  #take(made: readonly Item[]): string[] {
    const changed: string[] = [];
    for (const item of made) {
      const old = this.#items.get(item.key);
      if (old === item || (old && sameItem(old, item))) continue;
      this.#items.set(item.key, item);
      changed.push(item.key);
    }
    return changed;
  }

  /** Forgets the items that are no longer there; gives their keys. */
  #drop(oldKeys: readonly string[], newKeys: readonly string[]): string[] {
    const stay = new Set(newKeys);
    const gone = oldKeys.filter((key) => !stay.has(key));
    for (const key of gone) this.#items.delete(key);
    return gone;
  }

  /** How many sections, from the first on, are made of the same as before. */
  #unchangedSections(isOpen: IsOpen): number {
    const changed = this.#sections.findIndex(({ entry, open }, index) => {
      if (entry !== this.#groups[index]) return true;
      return entry.kind === "group" && isOpen(entry) !== open;
    });
    return changed < 0 ? this.#sections.length : changed;
  }

  /**
   * How many sections at the end are made of the same as before, though there are others in front: older rows came. Where
   * the agent's name stands depends on who spoke before, so the first of them must be made anew until that is the same.
   */
  #unchangedEnd(isOpen: IsOpen): number {
    const [old, groups] = [this.#sections, this.#groups];
    let count = 0;
    while (count < Math.min(old.length, groups.length)) {
      const section = old[old.length - 1 - count];
      const { entry } = section ?? {};
      if (!entry || entry !== groups[groups.length - 1 - count]) break;
      if (entry.kind === "group" && isOpen(entry) !== section?.open) break;
      count += 1;
    }
    let speaks = groups.slice(0, groups.length - count).reduce(speaksAfterEntry, false);
    while (count > 0 && old[old.length - count]?.agentSpeaks !== speaks) {
      const entry = groups[groups.length - count];
      if (entry) speaks = speaksAfterEntry(speaks, entry);
      count -= 1;
    }
    return count;
  }

  #tellItems(keys: readonly string[]): void {
    for (const key of keys) {
      for (const listener of this.#itemListeners.get(key) ?? []) listener();
    }
  }

  #setKeys(keys: readonly string[]): void {
    const [first] = this.#list.keys;
    this.#list = { keys, shift: first !== undefined && keys[0] !== first && this.#items.has(first) };
    for (const listener of this.#keyListeners) listener();
  }

  /** The same reference until an item comes or goes. */
  list = (): ItemKeys => this.#list;

  item = (key: string): Item | undefined => this.#items.get(key);

  /**
   * The item that shows a row, or of a text row the block with its letter number `offset`: its place in the list, and
   * the letter that it begins with. Null when the row is not here.
   */
  placeOfRow(row_key: string, offset = 0): { index: number; item_key: string; start: number } | null {
    const { keys } = this.#list;
    // The first item of a row has the row's key; a row that has none is folded into its group.
    const own = keys.indexOf(row_key);
    const first = own < 0 ? keys.indexOf(this.groupOf(row_key)?.key ?? "") : own;
    if (first < 0) return null;
    let place = { index: first, start: 0 };
    let start = 0;
    for (const block of this.#texts.get(row_key)?.list.blocks ?? []) {
      if (start > offset) break;
      // Blank lines and link definitions are blocks without an item; what is in them is shown with the one before.
      const item = this.#items.get(keys[place.index + 1] ?? "");
      if (start > 0 && item?.kind === "block" && item.block === block)
        place = { index: place.index + 1, start };
      start += block.raw.length;
    }
    return { ...place, item_key: keys[place.index] ?? row_key };
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

  /** Makes the sections between the `kept` first and the `tail` last ones anew; gives their items. */
  #makeItems(kept: number, tail: number, isOpen: IsOpen): Item[] {
    const last = this.#sections[kept - 1];
    let agentSpeaks = last ? speaksAfterEntry(last.agentSpeaks, last.entry) : false;
    const texts = kept === 0 && tail === 0 ? new Map<string, Text>() : this.#texts;
    const sections = this.#sections.slice(0, kept);
    const made: Item[] = [];
    for (const entry of this.#groups.slice(kept, this.#groups.length - tail)) {
      const open = entry.kind === "group" && isOpen(entry);
      const before = made.length;
      made.push(...this.#itemsOf(entry, open, agentSpeaks, texts));
      sections.push({ entry, open, agentSpeaks, count: made.length - before });
      agentSpeaks = speaksAfterEntry(agentSpeaks, entry);
    }
    this.#sections = [...sections, ...this.#sections.slice(this.#sections.length - tail)];
    this.#texts = texts;
    return made;
  }

  *#itemsOf(entry: RowItem, open: boolean, agentSpeaks: boolean, texts: Map<string, Text>): Generator<Item> {
    if (entry.kind === "group") {
      yield { key: entry.key, lead: !agentSpeaks, kind: "group", group: entry };
      if (!open) return;
      for (const row of entry.rows) yield { key: row.key, lead: false, kind: "row", row, nested: true };
    } else if (entry.row.kind === "text") {
      yield* this.#blockItems(entry.row, !agentSpeaks, texts);
    } else {
      const { row } = entry;
      const lead = !agentSpeaks && isAgents(row);
      const nested = row.kind === "tool" && row.tool.parent_id !== null;
      yield { key: row.key, lead, kind: "row", row, nested };
    }
  }

  /** The blocks of a text that grows: the finished ones are the very items of last time, so that they cost nothing. */
  #blockItems(row: RowOf<"text">, lead: boolean, texts: Map<string, Text>): readonly BlockItem[] {
    const before = this.#texts.get(row.key);
    const list = lexBlocks(before?.list ?? emptyBlocks, row.text, row.open);
    const shown = list.blocks.filter((block) => block.token.type !== "space" && block.token.type !== "def");
    const items = shown.map((block, index): BlockItem => {
      const old = before?.items[index];
      const key = old?.key ?? (index === 0 ? row.key : `${row.key}/${index}`);
      const last = index === shown.length - 1;
      const item = { key, lead: lead && index === 0, kind: "block", row, block, last } as const;
      return old && sameItem(old, item) ? old : item;
    });
    texts.set(row.key, { list, items });
    return items;
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

/** The row of an entry that is one; null for a group, which is always the agent's. */
function rowOf(entry: RowItem): Row | null {
  return entry.kind === "group" ? null : entry.row;
}

/** Whether the agent speaks after an entry, given whether it did before. */
function speaksAfterEntry(before: boolean, entry: RowItem): boolean {
  const row = rowOf(entry);
  if (row === null || isAgents(row)) return true;
  return row.kind === "user" || row.kind === "turn_end" ? false : before;
}

/** The items of the sections from one to before another. */
function countItems(sections: readonly Section[], from: number, to: number): number {
  let count = 0;
  for (let index = from; index < to; index += 1) count += sections[index]?.count ?? 0;
  return count;
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
