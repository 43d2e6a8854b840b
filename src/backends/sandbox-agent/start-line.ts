import * as z from "zod";
import type { Diff } from "#src/domain/request.ts";
import { type WireToolCall, WireToolContent } from "./wire.ts";

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

/** The changes that a call shows, each with the line where it begins, if the agent tells. */
export function diffsIn(call: WireToolCall): Diff[] {
  const parts: Part[] = (call.content ?? []).flatMap((raw) => {
    const item = WireToolContent.safeParse(raw).data;
    if (item?.type !== "diff") return [];
    return [{ path: item.path, old_text: item.oldText ?? null, new_text: item.newText }];
  });
  return parts.map((part, index) => {
    const start_line = startLineOf(call, parts, index);
    return start_line === null ? part : { ...part, start_line };
  });
}

/**
 * The line of the file where a changed part begins, counted from 1, or null when the agent does not tell. Claude tells
 * it in the call's locations, in the order of the parts; OpenCode by a unified diff, which is about the one part of its
 * call. A text that takes the place of nothing is all of its file, by the protocol.
 */
function startLineOf(call: WireToolCall, parts: readonly Part[], index: number): number | null {
  const part = parts[index];
  if (!part) return null;
  const nth = parts.slice(0, index).filter(({ path }) => path === part.path).length;
  const place = call.locations?.filter((location) => location.path === part.path)[nth];
  if (typeof place?.line === "number" && place.line > 0) return place.line;
  if (part.old_text === null) return 1;
  if (parts.length > 1) return null;
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
  const [, line, count] = /^@@ -(\d+)(?:,(\d+))? /.exec(lines[header] ?? "") ?? [];
  if (line === undefined) return null;
  // Of nothing, a patch names the line before.
  const start = Number(line) + (count === "0" ? 1 : 0);
  const context = lines.slice(header + 1).findIndex((line) => !line.startsWith(" "));
  return start + Math.max(0, context);
}
