/** What drawing waits for, given in for tests. */
export type FrameDeps = {
  /** Milliseconds, of any origin. */
  now: () => number;
  isHidden: () => boolean;
  /** Both run `work` once and give back what cancels it: with the next frame; after so many milliseconds. */
  frame: (work: () => void) => () => void;
  timer: (work: () => void, ms: number) => () => void;
};

/** A hidden page has no frames. */
const HIDDEN_MS = 250;

/**
 * Gives frames at least `gap_ms` apart: what comes after a pause has the very next one, what streams is gathered. Each
 * call runs its work once and gives back what cancels it.
 */
export function pacedFrames(gap_ms: number, deps: FrameDeps = browser): (work: () => void) => () => void {
  let last = Number.NEGATIVE_INFINITY;
  return (work) => {
    const run = () => {
      last = deps.now();
      work();
    };
    if (deps.isHidden()) return deps.timer(run, HIDDEN_MS);
    const wait = last + gap_ms - deps.now();
    if (wait <= 0) return deps.frame(run);
    let cancel = deps.timer(() => (cancel = deps.frame(run)), wait);
    return () => cancel();
  };
}

const browser: FrameDeps = {
  now: () => performance.now(),
  isHidden: () => document.hidden,
  frame: (work) => {
    const frame = requestAnimationFrame(work);
    return () => cancelAnimationFrame(frame);
  },
  timer: (work, ms) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
