import { useEffect, useState } from "react";
import { Kbd } from "./kbd.tsx";
import { type Box, placeTooltip } from "./tooltip-place.ts";

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
    (box) => hiddenControls(box, anchor),
  );
  bubble.style.left = `${left}px`;
  bubble.style.top = `${top}px`;
}

const controls = "a, button, input, select, textarea, label, summary, [role=button]";

/** How many things to click a bubble there would lie on, its own anchor aside. Looks at a grid of points. */
function hiddenControls({ left, top, width, height }: Box, anchor: HTMLElement): number {
  const found = new Set<Element>();
  const steps = Math.ceil(width / 12);
  for (let step = 0; step <= steps; step += 1) {
    for (const y of [top + 1, top + height / 2, top + height - 1]) {
      const stack = document.elementsFromPoint(left + (width * step) / steps, y);
      const under = stack.find((element) => element.closest(`#${bubbleId}`) === null)?.closest(controls);
      if (under && !under.contains(anchor) && !anchor.contains(under)) found.add(under);
    }
  }
  return found.size;
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
  const hide = () => {
    clearTimeout(timer);
    if (shown) set(null);
  };
  const later = (anchor: HTMLElement | null, ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => set(anchor?.isConnected ? anchor : null), ms);
  };
  const marked = (target: EventTarget | null) =>
    target instanceof Element ? target.closest<HTMLElement>("[data-tooltip]") : null;

  const isOn = (target: EventTarget | null, selector: string) =>
    target instanceof Element && target.closest(selector) !== null;

  const handlePointer = (event: PointerEvent) => {
    if (event.pointerType === "touch") return;
    const anchor = marked(event.target);
    if (isOn(event.target, `#${bubbleId}`) || (anchor !== null && anchor === shown)) clearTimeout(timer);
    // From one marked control to the next there is no wait.
    else if (anchor) later(anchor, shown ? 0 : showAfterMs);
    // Whoever is on another control wants that one.
    else if (shown) later(null, isOn(event.target, controls) ? 0 : hideAfterMs);
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
