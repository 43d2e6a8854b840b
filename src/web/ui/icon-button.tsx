import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";
import { Tooltip } from "./tooltip.tsx";

type IconButtonProps = Omit<ComponentProps<"button">, "children" | "aria-label"> & {
  /** Its name for everyone: shown as the tooltip, read by screen readers. */
  label: string;
  /** Printed in the tooltip beside the label, as for `Kbd`. */
  keys?: string;
  icon: ReactNode;
  size?: "sm" | "md";
  /** Whether the thing it toggles is on; leaves `aria-pressed` out when absent. */
  pressed?: boolean;
};

/** A button that is only an icon, so it always has a name and a tooltip. */
export function IconButton({
  label,
  keys,
  icon,
  size = "md",
  pressed,
  className,
  type = "button",
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} keys={keys}>
      <button
        {...rest}
        type={type}
        aria-label={label}
        aria-pressed={pressed}
        className={cn(
          "inline-flex shrink-0 items-center justify-center rounded-control text-muted transition-colors",
          "hover:bg-hover hover:text-text disabled:opacity-40 aria-pressed:bg-selected aria-pressed:text-text",
          "data-[state=open]:bg-hover data-[state=open]:text-text",
          size === "sm" ? "size-6 pointer-coarse:size-9" : "size-8 pointer-coarse:size-10",
          className,
        )}
      >
        {icon}
      </button>
    </Tooltip>
  );
}
