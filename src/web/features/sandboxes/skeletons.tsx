import { Skeleton } from "#src/web/ui/skeleton.tsx";

/** The list's place while it loads: its toolbar and its rows. */
export function SandboxesSkeleton() {
  return (
    <output className="flex flex-col gap-3">
      <span className="sr-only">Loading sandboxes</span>
      <span className="flex gap-2">
        <Skeleton className="h-8 w-64" />
        <Skeleton className="h-8 w-20" />
      </span>
      <span className="flex flex-col divide-y divide-border rounded-card border border-border">
        {widths.map((width, index) => (
          <span key={index} className="flex h-9 items-center gap-6 px-3">
            <Skeleton className="size-4" />
            <span className="w-40">
              <Skeleton className={`h-3 ${width}`} />
            </span>
            <Skeleton className="h-3 w-16" />
            <Skeleton className="h-3 w-40 max-md:hidden" />
            <Skeleton className="ml-auto h-3 w-16" />
          </span>
        ))}
      </span>
    </output>
  );
}

const widths = ["w-28", "w-36", "w-20", "w-32", "w-24", "w-28"];

/** A sandbox's page while it loads: its header, its tabs, a few lines. */
export function SandboxSkeleton() {
  return (
    <output className="flex flex-col gap-4">
      <span className="sr-only">Loading the sandbox</span>
      <span className="flex items-center gap-3">
        <Skeleton className="h-6 w-40" />
        <Skeleton className="h-4 w-20" />
        <Skeleton className="ml-auto h-8 w-32" />
      </span>
      <Skeleton className="h-4 w-80 max-w-full" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-32 w-full" />
    </output>
  );
}
