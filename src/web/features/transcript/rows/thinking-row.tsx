import { Brain } from "lucide-react";
import { formatDuration } from "#src/lib/format.ts";
import type { RowOf } from "#src/transcript/rows.ts";
import { capEnd } from "#src/web/ui/content/cap.ts";
import { ShowAllButton } from "#src/web/ui/content/text-viewer.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { WorkingDots } from "#src/web/ui/working-dots.tsx";
import { FoldLine } from "../fold-line.tsx";
import { useFold } from "../folds.ts";
import { RowFrame } from "../row-frame.tsx";
import { useTranscriptContext } from "../transcript-context.ts";

/** What the agent thought: open while it thinks, one line afterwards. */
export function ThinkingRow({ row }: { row: RowOf<"thinking"> }) {
  const { folds } = useTranscriptContext();
  const [open, setOpen] = useFold(folds, row.key, row.open);
  const capped = capEnd(row.text);
  return (
    <RowFrame row={row} gap="none">
      <FoldLine
        open={open}
        onOpenChange={setOpen}
        icon={<Brain size={14} aria-hidden className="shrink-0" />}
        title={row.open ? "Thinking" : thoughtWords(row)}
        aside={row.open && <WorkingDots className="text-working" />}
      >
        <p className="max-w-[80ch] whitespace-pre-wrap text-muted" dir="auto">
          {visibleText(capped.text)}
        </p>
        {capped.hidden_chars > 0 && <ShowAllButton label="Show all" title="Thinking" text={row.text} />}
      </FoldLine>
    </RowFrame>
  );
}

function thoughtWords({ at, ended_at }: RowOf<"thinking">): string {
  const duration = ended_at === null ? 0 : Date.parse(ended_at) - Date.parse(at);
  return duration >= 1000 ? `Thought for ${formatDuration(duration)}` : "Thought";
}
