import type { Envelope } from "#src/domain/event.ts";
import type { RowOf } from "./rows.ts";

/** Whether an event that names a block, or none, means the block with this id. */
export function meansBlock(block_id: string | null, named: string | undefined): boolean {
  return named === undefined || named === block_id;
}

/** Adds a delta, sets the final text, or ends the block because something else came. */
export function applyToBlock(row: RowOf<"text"> | RowOf<"thinking">, event: Envelope): void {
  if (row.kind === "text" && event.event_type === "text_complete") {
    if (meansBlock(row.block_id, event.data.block_id)) return completeText(row, event.data.text);
  }
  const isDelta =
    (row.kind === "text" && event.event_type === "text_delta") ||
    (row.kind === "thinking" && event.event_type === "thinking_delta");
  if (isDelta && meansBlock(row.block_id, event.data.block_id)) {
    row.text += event.data.text;
    return;
  }
  row.open = false;
  if (row.kind === "thinking") row.ended_at ??= event.timestamp;
}

function completeText(row: RowOf<"text">, text: string): void {
  // Some agents complete a block with no text: what the deltas made stands.
  if (text !== "") row.text = text;
  row.open = false;
  row.complete = true;
}
