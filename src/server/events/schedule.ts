/** Runs something later, or again and again; returns the way to call it off. Injected, so tests own the time. */
export type Schedule = (run: () => void, delay_ms: number) => () => void;

/** Once, after the delay. Keeps no process alive. */
export const after: Schedule = (run, delay_ms) => {
  const timer = setTimeout(run, delay_ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** Every `delay_ms`, until called off. Keeps no process alive. */
export const every: Schedule = (run, delay_ms) => {
  const timer = setInterval(run, delay_ms);
  timer.unref();
  return () => clearInterval(timer);
};
