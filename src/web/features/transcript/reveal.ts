import type { RefObject } from "react";
import { compareIds } from "#src/lib/ids.ts";
import { eventOfRow, findRow } from "#src/transcript/row-order.ts";
import type { Row } from "#src/transcript/rows.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import type { Folds } from "./folds.ts";
import type { ItemModel } from "./item-model.ts";
import type { VirtualListHandle } from "./list/virtual-list.tsx";

/** How a row is brought into view. */
export type RevealWish = {
  /** Opens the row's own fold, so that what is inside can be seen. */
  unfold?: boolean;
  /** Of a long text, where to go: counted in its letters, once the row is here. */
  offset?: (row: Row) => number;
  /** Ends it when something else is to be revealed. */
  signal?: AbortSignal;
};

/** The item that a row was revealed in, and where in the row's text that item begins. */
export type Revealed = { item_key: string; start: number };

type RevealOptions = RevealWish & {
  row_key: string;
  store: TranscriptStore;
  model: ItemModel;
  folds: Folds;
  list: RefObject<VirtualListHandle | null>;
  /** Before the view moves: it stops following. */
  onFound: () => void;
};

/** Brings a row into view: loads the pages up to it, opens the group it is folded into, scrolls. Null when unknown. */
export async function revealRow(options: RevealOptions): Promise<Revealed | null> {
  const { row_key, unfold = false, offset, signal, store, model, folds, list, onFound } = options;
  await loadUpTo(store, row_key, signal);
  const rows = store.read().transcript?.rows ?? [];
  const row = rows[findRow(rows, eventOfRow(row_key))];
  if (!row || signal?.aborted) return null;
  const group = model.groupOf(row_key);
  if (group) folds.set(group.key, true);
  if (unfold) folds.set(row_key, true);
  const letter = offset?.(row) ?? 0;
  if (!model.placeOfRow(row_key, letter)) return null;
  onFound();
  // The list learns of new items with the next render.
  await new Promise(requestAnimationFrame);
  const place = model.placeOfRow(row_key, letter);
  if (!place || signal?.aborted) return null;
  list.current?.center(place.index);
  return place;
}

async function loadUpTo(store: TranscriptStore, row_key: string, signal?: AbortSignal): Promise<void> {
  const wanted = eventOfRow(row_key);
  for (;;) {
    const { transcript, next_before } = store.read();
    const first = transcript?.rows[0]?.first_event_id;
    if (signal?.aborted || next_before === null || first === undefined) return;
    if (compareIds(first, wanted) <= 0) return;
    await store.loadOlder(true);
    if (store.read().older === "failed") return;
  }
}
