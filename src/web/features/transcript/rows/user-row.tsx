import { textOf } from "#src/domain/text.ts";
import { formatClock, formatExact } from "#src/lib/format.ts";
import type { RowOf } from "#src/transcript/rows.ts";
import { capStart } from "#src/web/ui/content/cap.ts";
import { ShowAllButton } from "#src/web/ui/content/text-viewer.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { RowFrame } from "../row-frame.tsx";
import { ContentBlocks } from "./content-blocks.tsx";

const limits = { lines: 40, chars: 6000 };

/** What a person said, as it was typed. */
export function UserRow({ row }: { row: RowOf<"user"> }) {
  const text = textOf(row.content);
  const capped = capStart(text, limits);
  const attachments = row.content.filter((block) => block.type !== "text");
  return (
    <RowFrame row={row} gap="large" copies="message">
      <article className="rounded-card border border-border bg-surface px-3.5 py-2.5">
        <header className="mb-0.5 flex items-baseline gap-2">
          <span className="font-semibold">{row.author ? visibleText(row.author) : "You"}</span>
          <time dateTime={row.at} title={formatExact(row.at)} className="text-xs text-faint">
            {formatClock(row.at)}
          </time>
        </header>
        <p className="max-w-[80ch] text-base whitespace-pre-wrap" dir="auto">
          {visibleText(capped.text)}
        </p>
        {capped.hidden_chars > 0 && <ShowAllButton label="Show all of it" title="Message" text={text} />}
        {attachments.length > 0 && (
          <div className="mt-2">
            <ContentBlocks content={attachments} />
          </div>
        )}
      </article>
    </RowFrame>
  );
}
