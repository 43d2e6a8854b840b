import type { Envelope } from "#src/domain/event.ts";
import { applyToRequest } from "./apply-request.ts";
import { applyToBlock } from "./apply-text.ts";
import { applyToTool } from "./apply-tool.ts";
import { LOG_LINES } from "./limits.ts";
import type { Row, RowOf } from "./rows.ts";

/**
 * Writes into a row what an event that is known to be about it changes. The row is the caller's to write to. This is
 * all that a deferred event needs when its row comes with an older page, so it reads nothing but the two.
 */
export function applyToRow(row: Row, event: Envelope): void {
  row.last_event_id = event.id;
  switch (row.kind) {
    case "text":
    case "thinking":
      return applyToBlock(row, event);
    case "tool":
      return applyToTool(row, event);
    case "permission":
    case "question":
      return applyToRequest(row, event);
    case "log":
      return applyToLog(row, event);
    case "user":
      return applyToUser(row, event);
    case "content":
    case "error":
    case "notice":
    case "unparsed":
    case "turn_end":
      return;
    default:
      row satisfies never;
  }
}

function applyToLog(row: RowOf<"log">, event: Envelope): void {
  if (event.event_type !== "log_line") return;
  row.lines.push({ line: event.data.line, stream: event.data.stream });
  if (row.lines.length <= LOG_LINES) return;
  row.lines.shift();
  row.cut += 1;
}

function applyToUser(row: RowOf<"user">, event: Envelope): void {
  if (event.event_type !== "user_message") return;
  row.content = event.data.content;
  row.author = event.data.author;
  row.turn_id = event.data.turn_id ?? row.turn_id;
}
