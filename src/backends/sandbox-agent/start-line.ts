import * as z from "zod";
import type { WireToolCall } from "./wire.ts";

/** Where agents put a unified diff beside the changed texts: OpenCode in the input of its permission and its output. */
const Patches = z.object({
  rawInput: z.object({ diff: z.string() }).partial().optional().catch(undefined),
  rawOutput: z
    .object({
      metadata: z.object({ diff: z.string(), filediff: z.object({ patch: z.string() }).partial() }).partial(),
    })
    .partial()
    .optional()
    .catch(undefined),
});

type Part = { path: string; old_text: string | null; new_text: string };

/**
 * The line of the file where a changed part begins, counted from 1, or null when the agent does not tell. Claude tells
 * it in the call's locations, in the order of the parts; OpenCode by a unified diff.
 */
export function startLineOf(call: WireToolCall, part: Part, nth: number): number | null {
  const { path } = part;
  const place = call.locations?.filter((location) => location.path === path)[nth];
  if (typeof place?.line === "number" && place.line > 0) return place.line;
  const { rawInput, rawOutput } = Patches.parse(call);
  const patch = rawOutput?.metadata?.filediff?.patch ?? rawOutput?.metadata?.diff ?? rawInput?.diff;
  const changed = patch === undefined ? null : firstChange(patch);
  if (changed === null) return null;
  const start = changed - sameLines(part);
  return start > 0 ? start : null;
}

/** How many lines at the beginning of a part are not changed: all before the change when the part is a whole file. */
function sameLines({ old_text, new_text }: Part): number {
  const before = (old_text ?? "").split("\n");
  const after = new_text.split("\n");
  const different = before.findIndex((line, index) => line !== after[index]);
  return different < 0 ? before.length : different;
}

/** The old file's line of the first change in a unified diff. */
function firstChange(patch: string): number | null {
  const lines = patch.split("\n");
  const header = lines.findIndex((line) => line.startsWith("@@"));
  const start = Number(/^@@ -(\d+)/.exec(lines[header] ?? "")?.[1]);
  if (header < 0 || !(start > 0)) return null;
  const context = lines.slice(header + 1).findIndex((line) => !line.startsWith(" "));
  return start + Math.max(0, context);
}
