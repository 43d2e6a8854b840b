import type { KeyboardEventHandler, ReactNode, Ref } from "react";
import { cn } from "#src/web/ui/cn.ts";

type ScrollRegionProps = {
  /** What is in it, for screen readers. */
  label: string;
  /** `pre` for text whose line breaks count. */
  as?: "section" | "pre";
  ref?: Ref<HTMLElement>;
  className?: string;
  /** For keys that scroll further than the browser can know of. */
  onKeyDown?: KeyboardEventHandler;
  children: ReactNode;
};

/** Content that scrolls inside the page: it can be focused, so that keys scroll it too. */
export function ScrollRegion({ label, as: Tag = "section", className, ref, ...rest }: ScrollRegionProps) {
  return (
    <Tag
      // `Tag` is one of two elements, and a ref to either is a ref to an HTMLElement.
      ref={ref as Ref<HTMLPreElement>}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by key
      tabIndex={0}
      aria-label={label}
      className={cn("ring-inside", className)}
      {...rest}
    />
  );
}
