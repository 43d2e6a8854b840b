import type { EventData, Usage } from "#src/domain/event.ts";
import type { SessionView } from "./rows.ts";
import type { Working } from "./working.ts";

const noUsage: Usage = {
  used: null,
  size: null,
  input_tokens: null,
  output_tokens: null,
  cached_tokens: null,
  cost: null,
};

/** Merges by field: a number that an update does not tell stands, whether it leaves it out or says null. */
export function foldUsage(w: Working, data: EventData["usage_updated"]): void {
  const known = Object.fromEntries(
    Object.entries(data).filter(([, value]) => value !== undefined && value !== null),
  );
  w.patchView({ usage: { ...(w.view.usage ?? noUsage), ...known } });
}

/** Title, options and commands go into the view; `change` is said in the transcript. */
export function foldSessionUpdated(w: Working, data: EventData["session_updated"]): void {
  const change: Partial<SessionView> = {};
  if (data.title !== undefined) change.title = data.title;
  if (data.options !== undefined) change.options = data.options;
  if (data.commands !== undefined) change.commands = data.commands;
  if (Object.keys(change).length > 0) w.patchView(change);
  if (data.change) w.push({ kind: "notice", text: data.change });
}
