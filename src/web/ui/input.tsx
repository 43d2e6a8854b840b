import type { ComponentProps } from "react";
import { cn } from "./cn.ts";
import { useFieldControl } from "./field.tsx";

export const inputClass =
  "w-full min-w-0 rounded-control border border-control bg-bg text-sm text-text transition-colors outline-offset-0 hover:border-muted aria-invalid:border-failed disabled:opacity-60 pointer-coarse:text-lg";

type InputProps = ComponentProps<"input"> & { /** For ids, paths and code. */ mono?: boolean };

/** A line of text. */
export function Input({ mono = false, className, ...rest }: InputProps) {
  return (
    <input
      {...useFieldControl()}
      {...rest}
      className={cn(inputClass, "h-8 px-2.5 pointer-coarse:h-10", mono && "font-mono", className)}
    />
  );
}
