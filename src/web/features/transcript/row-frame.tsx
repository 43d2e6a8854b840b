import { Copy, Link2, ListTree, type LucideIcon } from "lucide-react";
import { memo, type ReactNode } from "react";
import type { Row } from "#src/transcript/rows.ts";
import { cn } from "#src/web/ui/cn.ts";
import { type Copied, useTranscriptContext } from "./transcript-context.ts";

type RowFrameProps = {
  row: Row;
  /** The item of the list that it is, when that is only a part of the row. */
  item_key?: string;
  /** Space above: where a new thought begins. */
  gap?: "none" | "small" | "large";
  /** Whether it carries what can be done with the row. */
  actions?: boolean;
  /** What can be copied from here. */
  copies?: Copied;
  children: ReactNode;
};

const gaps = { none: "pt-1", small: "pt-2", large: "pt-5" };

/** What stands around every row: its place in the column, and what can be done with it on hover or focus. */
export function RowFrame({
  row,
  item_key = row.key,
  gap = "small",
  actions = true,
  copies,
  children,
}: RowFrameProps) {
  return (
    <div className={cn("group/row relative", gaps[gap])} data-row={row.key} data-item={item_key}>
      {children}
      {actions && <RowActions row_key={row.key} copies={copies} />}
    </div>
  );
}

const copyLabels = { message: "Copy message", turn: "Copy turn as Markdown" };

/** Knows its row by the key alone: a row that streams is another one with every delta, and its actions are the same. */
const RowActions = memo(function RowActions({ row_key, copies }: { row_key: string; copies?: Copied }) {
  const { linkTo, showEvents, copy } = useTranscriptContext();
  return (
    <div className="absolute -top-1 right-0 flex rounded-control bg-bg opacity-0 transition-opacity group-hover/row:opacity-100 focus-within:opacity-100">
      {copies && <RowAction label={copyLabels[copies]} Icon={Copy} onClick={() => copy(row_key, copies)} />}
      <RowAction label="Show its events" Icon={ListTree} onClick={() => showEvents(row_key)} />
      <RowAction
        label="Copy link to here"
        Icon={Link2}
        onClick={() => void navigator.clipboard.writeText(linkTo(row_key))}
      />
    </div>
  );
});

function RowAction({ label, Icon, onClick }: { label: string; Icon: LucideIcon; onClick: () => void }) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      className="flex size-6 items-center justify-center rounded-control text-faint hover:bg-hover hover:text-text ring-inside"
      onClick={onClick}
    >
      <Icon size={14} aria-hidden />
    </button>
  );
}
