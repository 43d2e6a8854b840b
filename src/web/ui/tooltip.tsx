import { Slot } from "radix-ui";
import type { ReactNode } from "react";

type TooltipProps = {
  label: string;
  /** A shortcut printed beside it, as for `Kbd`. */
  keys?: string;
  side?: "top" | "bottom";
  /** One element that spreads its props. */
  children: ReactNode;
};

/**
 * A few words about a control, for the eye: its accessible name must say the same. Marks the element; the one
 * `TooltipHost` of the page shows the words, so that long lists of buttons cost nothing.
 */
export function Tooltip({ label, keys, side = "bottom", children }: TooltipProps) {
  return (
    <Slot.Root data-tooltip={label} data-tooltip-keys={keys} data-tooltip-side={side}>
      {children}
    </Slot.Root>
  );
}
