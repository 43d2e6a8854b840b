import { useLayoutEffect, useRef } from "react";

/** Whether `mod` is the Command key here. */
export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

type Keys = Pick<KeyboardEvent, "key" | "metaKey" | "ctrlKey" | "altKey" | "shiftKey">;

/**
 * Whether an event is a shortcut such as `mod+k`, `shift+enter` or `?`. `mod` is Command on a Mac and Control elsewhere.
 * For a shifted character (`?`) the character says it, so `shift` is not asked of it.
 */
export function matchesShortcut(event: Keys, shortcut: string, mac: boolean): boolean {
  const parts = shortcut.toLowerCase().split("+");
  const key = parts.at(-1);
  const mod = parts.includes("mod");
  const wantsMeta = parts.includes("meta") || (mod && mac);
  const wantsCtrl = parts.includes("ctrl") || (mod && !mac);
  const shiftCounts = event.key.length > 1 || /[a-z]/i.test(event.key);
  return (
    event.key.toLowerCase() === key &&
    event.metaKey === wantsMeta &&
    event.ctrlKey === wantsCtrl &&
    event.altKey === parts.includes("alt") &&
    (!shiftCounts || event.shiftKey === parts.includes("shift"))
  );
}

/** Whether keys typed there are text, so that a plain letter is no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select, [role=textbox], [role=combobox]"))
  );
}

/**
 * Runs `action` on a shortcut anywhere on the page. One without `mod`, `ctrl` or `alt` is ignored while a person types,
 * and every one is ignored while a dialog is open unless `inDialogs` says otherwise. It works as soon as the page shows
 * what it belongs to: an effect after the paint would lose the key of a quick hand.
 */
export function useShortcut(
  shortcut: string,
  action: (event: KeyboardEvent) => void,
  { enabled = true, inDialogs = false }: { enabled?: boolean; inDialogs?: boolean } = {},
): void {
  const latest = useRef(action);
  useLayoutEffect(() => {
    latest.current = action;
  });
  useLayoutEffect(() => {
    if (!enabled) return;
    const handleKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || !matchesShortcut(event, shortcut, isMac)) return;
      if (!/mod|ctrl|alt|meta/.test(shortcut) && isTyping(event.target)) return;
      if (!inDialogs && document.querySelector("[role=dialog], [role=alertdialog]")) return;
      event.preventDefault();
      latest.current(event);
    };
    window.addEventListener("keydown", handleKey);
    return () => window.removeEventListener("keydown", handleKey);
  }, [shortcut, enabled, inDialogs]);
}
