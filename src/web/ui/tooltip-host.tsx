import { useEffect, useState } from "react";
import { Kbd } from "./kbd.tsx";
import { placeTooltip } from "./tooltip-place.ts";

const showAfterMs = 400;
/** Time to move the pointer from the control onto the words. */
const hideAfterMs = 100;

const bubbleId = "tooltip";

/** Shows the words of whatever `Tooltip` marks, on hover and on keyboard focus; stands once at the root. */
export function TooltipHost() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  useEffect(() => listen(setAnchor), []);
  const label = anchor?.dataset.tooltip;
  if (!anchor || !label) return null;
  const keys = anchor.dataset.tooltipKeys;
  return (
    <div
      id={bubbleId}
      aria-hidden
      ref={(bubble) => {
        if (bubble) place(bubble, anchor);
      }}
      className="fixed z-60 flex max-w-72 animate-fade-in items-center gap-2 rounded-control border border-border bg-raised px-2 py-1 text-xs text-text shadow-float"
    >
      {label}
      {keys && <Kbd keys={keys} />}
    </div>
  );
}

function place(bubble: HTMLElement, anchor: HTMLElement): void {
  const side = anchor.dataset.tooltipSide === "top" ? "top" : "bottom";
  const view = { width: window.innerWidth, height: window.innerHeight };
  const { left, top } = placeTooltip(
    anchor.getBoundingClientRect(),
    bubble.getBoundingClientRect(),
    view,
    side,
  );
  bubble.style.left = `${left}px`;
  bubble.style.top = `${top}px`;
}

/** Follows pointer and focus over the whole page. The words go with Escape, a click and scrolling. */
function listen(setAnchor: (anchor: HTMLElement | null) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: HTMLElement | null = null;

  const set = (anchor: HTMLElement | null) => {
    clearTimeout(timer);
    shown = anchor;
    setAnchor(anchor);
  };
  const hide = () => set(null);
  const later = (anchor: HTMLElement | null, ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => set(anchor?.isConnected ? anchor : null), ms);
  };
  const marked = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<HTMLElement>("[data-tooltip]") : null;

  const handlePointer = (event: PointerEvent) => {
    if (event.pointerType === "touch") return;
    const anchor = marked(event.target);
    const isOnBubble = event.target instanceof Element && event.target.closest(`#${bubbleId}`) !== null;
    if (isOnBubble || (anchor !== null && anchor === shown)) clearTimeout(timer);
    // From one marked control to the next there is no wait.
    else if (anchor) later(anchor, shown ? 0 : showAfterMs);
    else if (shown) later(null, hideAfterMs);
    else clearTimeout(timer);
  };
  const handleFocus = ({ target }: FocusEvent) => {
    const anchor = marked(target);
    if (anchor?.matches(":focus-visible")) set(anchor);
  };
  const handleKey = ({ key }: KeyboardEvent) => {
    if (key === "Escape") hide();
  };

  const abort = new AbortController();
  const { signal } = abort;
  document.addEventListener("pointerover", handlePointer, { signal });
  document.addEventListener("focusin", handleFocus, { signal });
  document.addEventListener("focusout", hide, { signal });
  document.addEventListener("pointerdown", hide, { signal, capture: true });
  document.addEventListener("keydown", handleKey, { signal, capture: true });
  document.addEventListener("scroll", hide, { signal, capture: true });
  return () => {
    clearTimeout(timer);
    abort.abort();
  };
}
