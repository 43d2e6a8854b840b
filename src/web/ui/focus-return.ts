import { useRef } from "react";

/** The focus handlers of a dialog's content. */
type FocusHandlers = { onOpenAutoFocus: (event: Event) => void; onCloseAutoFocus: (event: Event) => void };

/**
 * Gives focus back to what had it when a dialog opened. Radix does so only for dialogs with a trigger of their own; ours
 * are opened by state. What was opened from a menu returns to the menu's button, because the item is gone by then.
 */
export function useFocusReturn(onOpenAutoFocus?: (event: Event) => void): FocusHandlers {
  const opener = useRef<HTMLElement | null>(null);
  return {
    onOpenAutoFocus: (event) => {
      opener.current = openerNow();
      onOpenAutoFocus?.(event);
    },
    onCloseAutoFocus: (event) => {
      event.preventDefault();
      opener.current?.focus();
    },
  };
}

function openerNow(): HTMLElement | null {
  const active = document.activeElement;
  const menu = active?.closest('[role="menu"]');
  const trigger = menu ? document.getElementById(menu.getAttribute("aria-labelledby") ?? "") : null;
  return trigger ?? (active instanceof HTMLElement ? active : null);
}
