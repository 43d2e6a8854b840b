import type { ComponentProps } from "react";
import { cn } from "./cn.ts";

type TableProps = ComponentProps<"table"> & {
  /** Names the table for screen readers. */
  label: string;
};

/** A table in a frame; wider ones scroll sideways inside it. */
export function Table({ label, className, ...rest }: TableProps) {
  return (
    <div className="overflow-x-auto rounded-card border border-border bg-bg">
      <table
        {...rest}
        aria-label={label}
        className={cn("w-full border-collapse text-left text-sm", className)}
      />
    </div>
  );
}

export function TableHead(props: ComponentProps<"thead">) {
  return <thead {...props} className={cn("bg-surface text-xs text-muted", props.className)} />;
}

export function TableBody(props: ComponentProps<"tbody">) {
  return <tbody {...props} className={cn("divide-y divide-border", props.className)} />;
}

export function TableRow(props: ComponentProps<"tr">) {
  return <tr {...props} className={cn("h-9 transition-colors in-[tbody]:hover:bg-hover", props.className)} />;
}

export function TableHeader(props: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      {...props}
      className={cn("h-8 border-b border-border px-3 font-medium whitespace-nowrap", props.className)}
    />
  );
}

export function TableCell(props: ComponentProps<"td">) {
  return <td {...props} className={cn("px-3 py-1", props.className)} />;
}
