import { cn } from "./cn.ts";

const STEPS = 10;
const STEP_MS = 120;

/** Three dots that take turns: something works. They stand still with reduced motion. */
export function WorkingDots({ className }: { className?: string }) {
  return (
    <span aria-hidden className={cn("inline-flex w-3.5 justify-between", className)}>
      {[0, 1, 2].map((place) => (
        <span
          key={place}
          ref={(dot) => (dot ? breathe(dot, place * STEP_MS) : undefined)}
          className="size-[3px] rounded-full bg-current"
        />
      ))}
    </span>
  );
}

/**
 * Steps of the whole effect, which style sheets cannot say, and all dots of the page in step: the browser then computes
 * their styles eight times a second. In smooth motion it does so with every frame, and so does whatever reads a
 * position while an answer streams.
 */
function breathe(dot: HTMLElement, delay_ms: number): (() => void) | undefined {
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return undefined;
  const animation = dot.animate([{ opacity: 1 }, { opacity: 0.25 }, { opacity: 1 }], {
    duration: STEPS * STEP_MS,
    easing: `steps(${STEPS})`,
    iterations: Infinity,
  });
  animation.startTime = delay_ms - STEPS * STEP_MS;
  return () => animation.cancel();
}
