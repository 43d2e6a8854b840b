import { changesIn } from "#src/transcript/changes.ts";
import type { TranscriptSnapshot } from "#src/web/api/transcript-store.ts";
import type { PanelTab } from "./panel-state.ts";

/** How far back a change still counts: this is asked with every event. */
const ROWS = 200;

/** The tab for a reader who chose none: the plan, else what was changed lately, else what every session has. */
export function tabToShow({ transcript }: Pick<TranscriptSnapshot, "transcript">): PanelTab {
  if (!transcript) return "details";
  if (transcript.view.plan && transcript.view.plan.length > 0) return "plan";
  return transcript.rows.slice(-ROWS).some((row) => changesIn(row).length > 0) ? "changes" : "details";
}
