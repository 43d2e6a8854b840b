import { formatDuration } from "#src/lib/format.ts";
import type { RowGroup } from "#src/transcript/group.ts";
import { FoldLine } from "../fold-line.tsx";
import { useFold } from "../folds.ts";
import { useTranscriptContext } from "../transcript-context.ts";

/** A run of small tool calls in one line; opened, its rows follow it in the list. */
export function GroupRow({ group }: { group: RowGroup }) {
  const { folds } = useTranscriptContext();
  const [open, setOpen] = useFold(folds, group.key, false);
  const duration = durationOf(group);
  return (
    <div className="pt-1" data-row={group.rows[0]?.key}>
      <FoldLine
        open={open}
        onOpenChange={setOpen}
        title={group.sentence}
        aside={duration > 0 && <span className="text-faint">{formatDuration(duration)}</span>}
      />
    </div>
  );
}

/** From the start of the first call to the end of the last one, in milliseconds; 0 while one runs. */
function durationOf({ rows }: RowGroup): number {
  const ends = rows.map((row) => Date.parse(row.tool.ended_at ?? ""));
  const start = Date.parse(rows[0]?.at ?? "");
  const duration = Math.max(...ends) - start;
  return Number.isNaN(duration) ? 0 : duration;
}
