import type { EventData } from "#src/domain/event.ts";
import { emptyTool, isTerminal, mergeIntoTool } from "./apply-tool.ts";
import type { Row } from "./rows.ts";
import type { Working } from "./working.ts";

/** Opens a row, or merges into the call of this id that runs or that this turn has just shown. */
export function foldToolStart(w: Working, data: EventData["tool_use_start"]): void {
  const known = reachToolOfTurn(w, data.id);
  if (known === undefined) return openTool(w, data.id, data.name);
  changeTool(w, data.id, known);
}

/** An update, more input or a result: for a call that is not known it makes a row, since it tells what happened. */
export function foldToolNews(w: Working, id: string, name = "tool"): void {
  const known = reachTool(w, id);
  if (known === undefined) return openTool(w, id, name);
  changeTool(w, id, known);
}

/** Progress or the bare end of a call: for one that is not known they tell nothing. */
export function foldToolEnd(w: Working, id: string): void {
  const known = reachTool(w, id);
  if (known !== undefined) changeTool(w, id, known);
}

/** A file that an agent's hook reports: a place where the newest call of that tool worked. */
export function foldFileChanged(w: Working, data: EventData["file_changed"]): void {
  const row = w.recent((row) => row.kind === "tool" && row.tool.name === data.tool_name);
  if (row?.kind !== "tool" || row.tool.locations.some((location) => location.path === data.file_path)) return;
  w.change(row.first_event_id);
}

/** Ends every call that still runs, because its turn is over. */
export function settleTools(w: Working): void {
  for (const row of w.liveTools.drain()) w.change(row);
}

/** The row of a call that runs, or that one of the last rows shows. */
function reachTool(w: Working, id: string): string | undefined {
  return w.liveTools.get(id) ?? recentTool(w, id, () => true);
}

/**
 * The same, for an event that may begin a call: agents count their ids anew when they restart, so a finished call of
 * another turn is not the one.
 */
export function reachToolOfTurn(w: Working, id: string): string | undefined {
  return w.liveTools.get(id) ?? recentTool(w, id, (row) => w.inThisTurn(row));
}

/** Opens the row of a call with what the current event says about it. */
function openTool(w: Working, id: string, name: string): void {
  const tool = emptyTool(id, name);
  mergeIntoTool(tool, w.event);
  w.push({ kind: "tool", tool });
  if (!isTerminal(tool.status)) w.liveTools.set(id, w.event.id);
}

function changeTool(w: Working, id: string, row: string): void {
  w.change(row);
  if (endsCall(w)) w.liveTools.delete(id);
}

/** Known from the event alone, since the row may not be loaded. */
function endsCall({ event }: Working): boolean {
  switch (event.event_type) {
    case "tool_result":
    case "tool_use_complete":
      return true;
    case "tool_use_start":
    case "tool_update":
      return isTerminal(event.data.status);
    default:
      return false;
  }
}

function recentTool(w: Working, id: string, test: (row: Row) => boolean): string | undefined {
  return w.recent((row) => row.kind === "tool" && row.tool.id === id && test(row))?.first_event_id;
}
