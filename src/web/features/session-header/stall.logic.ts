import type { RowOf, TranscriptState } from "#src/transcript/rows.ts";
import { describeTool } from "#src/transcript/tool-view.ts";

/** What a turn did last: a tool call, and whether it still runs; null when it was no tool. */
export type LastDone = { words: string; isRunning: boolean };

/** The newest tool call that still runs, else the newest row if it is a tool call. */
export function lastDone({ rows, live }: Pick<TranscriptState, "rows" | "live">): LastDone | null {
  const running = new Set(live.tools.map(({ row }) => row));
  const row = rows.findLast((one) => running.has(one.first_event_id)) ?? rows.at(-1);
  return row?.kind === "tool" ? { words: toolWords(row), isRunning: running.has(row.first_event_id) } : null;
}

function toolWords({ tool }: RowOf<"tool">): string {
  const { verb, subject, command } = describeTool(tool);
  return command === null ? `${verb} ${subject}`.trim() : subject;
}

/** When a page last heard of a turn: the moment it saw the log move on. `at` is null until it did. */
export type Heard = { cursor: string | null; at: number | null };

/** After a look at the log; the same reference when it has not moved. The first look tells no time. */
export function lookAgain(heard: Heard, cursor: string | null, now: number): Heard {
  if (cursor === heard.cursor) return heard;
  return { cursor, at: heard.cursor === null ? null : now };
}
