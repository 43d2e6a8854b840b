import type { Item } from "../item-model.ts";
import { blockElements } from "../markdown/block-view.tsx";
import { RowFrame } from "../row-frame.tsx";

/** One block of what the agent says. Once all is said, the last one carries what can be done with the whole message. */
export function TextBlock({ item }: { item: Extract<Item, { kind: "block" }> }) {
  const { row, block, last } = item;
  return (
    <RowFrame row={row} item_key={item.key} actions={last && !row.open} copies="message">
      <div className="max-w-[80ch] text-base" dir="auto">
        {blockElements(block)}
      </div>
    </RowFrame>
  );
}
