/** Time as the stream's parts see it, so that tests can move it. */
export type Clock = {
  now: () => number;
  /** Calls back after `ms`; the result cancels that. */
  after: (ms: number, action: () => void) => () => void;
};

export const browserClock: Clock = {
  now: () => Date.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
