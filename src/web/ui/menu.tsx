import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn.ts";
import { Kbd } from "./kbd.tsx";

export const popupClass =
  "z-50 rounded-card border border-border bg-raised p-1 text-text shadow-float data-[state=open]:animate-pop-in data-[state=closed]:animate-pop-out";

const itemClass =
  "flex h-8 cursor-default items-center gap-2 rounded-control px-2 text-sm outline-none select-none data-highlighted:bg-hover data-disabled:opacity-50 pointer-coarse:h-10";

type MenuProps = {
  /** One button that takes a ref and spreads its props. */
  trigger: ReactNode;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom" | "right" | "left";
  children: ReactNode;
};

/** A menu of actions below a button. Contains `MenuItem`, `MenuCheckboxItem`, `MenuSeparator`. */
export function Menu({ trigger, align = "end", side = "bottom", children }: MenuProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={keepFocusThatMoved}
          className={cn(
            popupClass,
            "max-h-(--radix-dropdown-menu-content-available-height) min-w-44 scroll-column",
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** An item may have given focus to something, such as a field: the button that opened the menu must not take it back. */
function keepFocusThatMoved(event: Event): void {
  const { activeElement } = document;
  if (activeElement && activeElement !== document.body && !activeElement.closest('[role="menu"]'))
    event.preventDefault();
}

type MenuItemProps = ComponentProps<typeof Radix.Item> & {
  icon?: ReactNode;
  keys?: string;
  danger?: boolean;
  /** Why it cannot be chosen; disables it and says so below its label. */
  reason?: string | null;
};

/** One action. With `asChild` its child is the element, such as a link. */
export function MenuItem({ icon, keys, danger = false, reason, children, asChild, ...rest }: MenuItemProps) {
  const className = cn(itemClass, danger && "text-failed", reason && "h-auto py-1.5");
  if (asChild) {
    return (
      <Radix.Item {...rest} asChild className={className}>
        {children}
      </Radix.Item>
    );
  }
  return (
    <Radix.Item {...rest} disabled={rest.disabled || Boolean(reason)} className={className}>
      {icon && <span className="shrink-0 text-muted">{icon}</span>}
      <span className="flex-1">
        {children}
        {reason && <span className="block max-w-56 text-xs text-faint">{reason}</span>}
      </span>
      {keys && <Kbd keys={keys} />}
    </Radix.Item>
  );
}

/** A choice that is on or off; the menu stays open. */
export function MenuCheckboxItem({ children, ...rest }: ComponentProps<typeof Radix.CheckboxItem>) {
  return (
    <Radix.CheckboxItem {...rest} onSelect={(event) => event.preventDefault()} className={itemClass}>
      <span className="flex size-4 shrink-0 items-center justify-center">
        <Radix.ItemIndicator>
          <Check size={14} />
        </Radix.ItemIndicator>
      </span>
      {children}
    </Radix.CheckboxItem>
  );
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-border" />;
}
