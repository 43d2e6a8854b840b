import { cn } from "./cn.ts";

/** The place of something that loads, in its shape: give it a height and a width. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn("block animate-breathe rounded-control bg-hover", className)} />;
}

/** Rows that load, with one sentence for screen readers. */
export function SkeletonRows({
  rows = 4,
  rowClassName = "h-9",
  label = "Loading",
}: {
  rows?: number;
  rowClassName?: string;
  label?: string;
}) {
  return (
    <output className="flex flex-col gap-1.5 p-2">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} className={cn("w-full", rowClassName)} />
      ))}
    </output>
  );
}
