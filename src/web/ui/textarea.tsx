import type { ComponentProps } from "react";
import { cn } from "./cn.ts";
import { useFieldControl } from "./field.tsx";
import { inputClass } from "./input.tsx";

type TextareaProps = ComponentProps<"textarea"> & { mono?: boolean };

/** Lines of text; it grows with them, from `rows` up to half of the screen. */
export function Textarea({ mono = false, className, rows = 3, style, ...rest }: TextareaProps) {
  return (
    <textarea
      {...useFieldControl()}
      {...rest}
      rows={rows}
      // A field that is as high as its text takes no notice of `rows`.
      style={{ minBlockSize: `calc(${rows}lh + 0.875rem)`, ...style }}
      className={cn(
        inputClass,
        "field-sizing-content max-h-[50dvh] resize-y px-2.5 py-1.5",
        mono && "font-mono",
        className,
      )}
    />
  );
}
