import { LoaderCircle } from "lucide-react";
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { cn } from "./cn.ts";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "sm" | "md";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-on-accent enabled:hover:bg-accent-hover",
  secondary: "border border-control/60 bg-bg text-text hover:bg-hover",
  ghost: "text-muted hover:bg-hover hover:text-text",
  danger: "bg-danger text-on-danger enabled:hover:bg-danger-hover",
};

const sizes: Record<ButtonSize, string> = {
  sm: "h-7 gap-1.5 px-2 text-xs pointer-coarse:h-9",
  md: "h-8 gap-2 px-3 text-sm pointer-coarse:h-10",
};

/** The look of a button, for links that stand where a button would. */
export function buttonClass(options: { variant?: ButtonVariant; size?: ButtonSize } = {}): string {
  return cn(
    "relative inline-flex shrink-0 items-center justify-center rounded-control font-medium whitespace-nowrap",
    "transition-colors select-none disabled:opacity-50 aria-disabled:opacity-70",
    variants[options.variant ?? "secondary"],
    sizes[options.size ?? "md"],
  );
}

type ButtonProps = ComponentProps<"button"> & {
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Something is under way: the label gives way to a spinner, the width and the focus stay, clicks do nothing. */
  busy?: boolean;
  icon?: ReactNode;
};

/** A button; `type="button"` unless told otherwise. */
export function Button({
  variant,
  size,
  busy = false,
  icon,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const handleClick = (event: MouseEvent<HTMLButtonElement>) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      {...rest}
      type={type}
      className={cn(buttonClass({ variant, size }), className)}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest["aria-disabled"]}
      onClick={handleClick}
    >
      <span className={cn("contents", busy && "*:invisible [&]:text-transparent")}>
        {icon}
        {children}
      </span>
      {busy && <LoaderCircle size={16} className="absolute animate-spin" aria-hidden />}
    </button>
  );
}
