import { cn } from "./cn.ts";

/** Three dots that take turns: something works. They stand still with reduced motion. */
export function WorkingDots({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cn("inline-flex w-3.5 justify-between", className)}>
      {["0ms", "160ms", "320ms"].map((delay) => (
        <span
          key={delay}
          className="size-[3px] animate-breathe rounded-full bg-current"
          style={{ animationDelay: delay }}
        />
      ))}
    </span>
  );
}
