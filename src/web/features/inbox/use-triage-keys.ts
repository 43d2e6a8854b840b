import { type RefObject, useLayoutEffect, useRef } from "react";
import { isTyping } from "#src/web/ui/shortcut.ts";
import { commandFor, type Place, type TriageCommand } from "./triage-keys.logic.ts";

type Frame = { root: RefObject<HTMLElement | null>; card: RefObject<HTMLElement | null> };

/**
 * Runs the inbox's keys. `run` says whether it did something with the command; then the key is nobody else's. It
 * listens before the page's own shortcuts do, since N means "New session" everywhere else.
 */
export function useTriageKeys(
  { root, card }: Frame,
  run: (command: TriageCommand, target: Element) => boolean,
) {
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });
  useLayoutEffect(() => {
    const handleKey = (event: KeyboardEvent) => {
      const { target } = event;
      if (!(target instanceof Element) || isTyping(target)) return;
      if (document.querySelector("[role=dialog], [role=alertdialog]")) return;
      const command = commandFor(event, placeOf(target, root.current, card.current));
      if (command && latest.current(command, target)) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    window.addEventListener("keydown", handleKey, { capture: true });
    return () => window.removeEventListener("keydown", handleKey, { capture: true });
  }, [root, card]);
}

/** A list that is open over the page finds its items by letter. */
const letterLists = "[role=menu], [role=listbox]";

function placeOf(target: Element, root: HTMLElement | null, card: HTMLElement | null): Place {
  if (target.closest(letterLists)) return "elsewhere";
  if (target === card) return "card";
  if (card?.contains(target)) return "control";
  return root?.contains(target) || target === document.body || target.matches("main") ? "inbox" : "page";
}
