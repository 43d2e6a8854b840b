import type { RefObject } from "react";
import type { VirtualizerHandle } from "virtua";
import { compareIds } from "#src/lib/ids.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import type { Folds } from "./folds.ts";
import type { ItemModel } from "./item-model.ts";

type RevealOptions = {
  row_key: string;
  /** Opens the row's own fold, so that what is inside can be seen. */
  unfold: boolean;
  store: TranscriptStore;
  model: ItemModel;
  folds: Folds;
  list: RefObject<VirtualizerHandle | null>;
  /** Before the view moves: it stops following. */
  onFound: () => void;
};

/** Brings a row into view: loads the pages up to it, opens the group it is folded into, scrolls. False when unknown. */
export async function revealRow(options: RevealOptions): Promise<boolean> {
  const { row_key, unfold, store, model, folds, list, onFound } = options;
  await loadUpTo(store, row_key);
  const group = model.groupOf(row_key);
  if (group) folds.set(group.key, true);
  if (unfold) folds.set(row_key, true);
  const index = model.indexOfRow(row_key);
  if (index < 0) return false;
  onFound();
  // The list learns of new items with the next render.
  await new Promise(requestAnimationFrame);
  list.current?.scrollToIndex(model.indexOfRow(row_key), { align: "center" });
  return true;
}

async function loadUpTo(store: TranscriptStore, row_key: string): Promise<void> {
  const wanted = row_key.slice(row_key.indexOf(":") + 1);
  for (;;) {
    const { transcript, next_before, older } = store.read();
    const first = transcript?.rows[0]?.first_event_id;
    if (next_before === null || older !== "idle" || first === undefined) return;
    if (compareIds(first, wanted) <= 0) return;
    await store.loadOlder();
  }
}
