import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "#src/web/ui/cn.ts";

type FoldLineProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  icon?: ReactNode;
  /** What it is; cut at the end of the line when closed. */
  title: ReactNode;
  /** At the right: status, counts, duration. */
  aside?: ReactNode;
  children?: ReactNode;
};

/** A line that opens to more, without moving what stands above it. */
export function FoldLine({ open, onOpenChange, icon, title, aside, children }: FoldLineProps) {
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => onOpenChange(!open)}
        className="flex min-h-7 w-full items-center gap-1.5 rounded-control py-0.5 pr-1.5 text-left text-muted ring-inside transition-colors hover:bg-hover hover:text-text pointer-coarse:min-h-10"
      >
        <ChevronRight
          size={14}
          aria-hidden
          className={cn("shrink-0 text-faint transition-transform", open && "rotate-90")}
        />
        {icon}
        <span className="min-w-0 flex-1 truncate">{title}</span>
        {aside && <span className="flex shrink-0 items-center gap-2 text-xs">{aside}</span>}
      </button>
      {open && children && <div className="mt-1 mb-1 ml-[7px] border-l border-border pl-3.5">{children}</div>}
    </div>
  );
}
