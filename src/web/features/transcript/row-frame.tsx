import { Link2, ListTree } from "lucide-react";
import type { ReactNode } from "react";
import type { Row } from "#src/transcript/rows.ts";
import { cn } from "#src/web/ui/cn.ts";
import { useTranscriptContext } from "./transcript-context.ts";

const action =
  "flex size-6 items-center justify-center rounded-control text-faint hover:bg-hover hover:text-text ring-inside";

type RowFrameProps = {
  row: Row;
  /** Space above: where a new thought begins. */
  gap?: "none" | "small" | "large";
  /** Further actions, as plain buttons. */
  actions?: ReactNode;
  children: ReactNode;
};

const gaps = { none: "pt-1", small: "pt-2", large: "pt-5" };

/** What stands around every row: its place in the column, and what can be done with it on hover or focus. */
export function RowFrame({ row, gap = "small", actions, children }: RowFrameProps) {
  return (
    <div className={cn("group/row relative", gaps[gap])} data-row={row.key}>
      {children}
      <RowActions row={row}>{actions}</RowActions>
    </div>
  );
}

function RowActions({ row, children }: { row: Row; children: ReactNode }) {
  const { linkTo, showEvents } = useTranscriptContext();
  return (
    <div className="absolute -top-1 right-0 flex rounded-control bg-bg opacity-0 transition-opacity group-hover/row:opacity-100 focus-within:opacity-100">
      {children}
      <button
        type="button"
        title="Show its events"
        aria-label="Show its events"
        className={action}
        onClick={() => showEvents(row)}
      >
        <ListTree size={14} aria-hidden />
      </button>
      <button
        type="button"
        title="Copy link to here"
        aria-label="Copy link to here"
        className={action}
        onClick={() => void navigator.clipboard.writeText(linkTo(row.key))}
      >
        <Link2 size={14} aria-hidden />
      </button>
    </div>
  );
}

export const rowActionClass = action;
