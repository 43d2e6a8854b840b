import { Copy } from "lucide-react";
import type { RowOf } from "#src/transcript/rows.ts";
import type { Block } from "../markdown/blocks.ts";
import { BlockView } from "../markdown/block-view.tsx";
import { RowFrame, rowActionClass } from "../row-frame.tsx";

/** One block of what the agent says. The last one carries what can be done with the whole message. */
export function TextBlock({ row, block, last }: { row: RowOf<"text">; block: Block; last: boolean }) {
  return (
    <RowFrame
      row={row}
      actions={
        last && (
          <button
            type="button"
            title="Copy message"
            aria-label="Copy message"
            className={rowActionClass}
            onClick={() => void navigator.clipboard.writeText(row.text)}
          >
            <Copy size={14} aria-hidden />
          </button>
        )
      }
    >
      <div className="max-w-[80ch] text-base" dir="auto">
        <BlockView block={block} />
      </div>
    </RowFrame>
  );
}
