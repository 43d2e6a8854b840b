import type { EventData } from "#src/domain/event.ts";
import { meansBlock } from "./apply-text.ts";
import type { Row } from "./rows.ts";
import type { Working } from "./working.ts";

/** Adds to the block that streams, to a finished block that the delta names, or opens a row. */
export function foldTextDelta(w: Working, { text, block_id }: EventData["text_delta"]): void {
  if (text === "") return;
  if (streams(w, "text", block_id)) return w.change(w.block.row);
  const finished = block_id === undefined ? null : newestOf(w, block_id);
  if (finished?.complete) return w.change(finished.first_event_id);
  w.push({ kind: "text", block_id: block_id ?? null, text, open: true, complete: false });
}

/**
 * Gives a block its final text. Without a block id it means the block that streams; when none does, a row of this
 * turn that already says exactly this is the one meant, and stays as it is.
 */
export function foldTextComplete(w: Working, { text, block_id }: EventData["text_complete"]): void {
  if (streams(w, "text", block_id)) return w.endBlock();
  const known =
    block_id === undefined
      ? w.recent((row) => row.kind === "text" && row.text === text && w.inThisTurn(row))
      : newestOf(w, block_id);
  if (known) {
    if (block_id !== undefined) w.change(known.first_event_id);
    return;
  }
  if (text === "") return;
  w.push({ kind: "text", block_id: block_id ?? null, text, open: false, complete: true });
}

export function foldThinkingDelta(w: Working, { text, block_id }: EventData["thinking_delta"]): void {
  if (text === "") return;
  if (streams(w, "thinking", block_id)) return w.change(w.block.row);
  w.push({ kind: "thinking", block_id: block_id ?? null, text, open: true, ended_at: null });
}

/** Images and files of an answer. */
export function foldContent(w: Working, { content }: EventData["message_content"]): void {
  if (content.length > 0) w.push({ kind: "content", content });
}

type Streaming = Working & { block: NonNullable<Working["block"]> };

function streams(w: Working, kind: "text" | "thinking", block_id: string | undefined): w is Streaming {
  return w.block?.kind === kind && meansBlock(w.block.block_id, block_id);
}

function newestOf(w: Working, block_id: string): Extract<Row, { kind: "text" }> | null {
  const row = w.recent((row) => row.kind === "text" && row.block_id === block_id && w.inThisTurn(row));
  return row?.kind === "text" ? row : null;
}
