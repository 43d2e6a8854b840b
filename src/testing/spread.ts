/** Chances in [0, 1) that are the same in every run, spread as evenly as chance would (the golden ratio's multiples). */
export function chances(): () => number {
  let last = 0;
  return () => {
    last = (last + 0.618_033_988_749_895) % 1;
    return last;
  };
}

/** The most moments that lie within `ms` of each other. */
export function mostWithin(moments: readonly number[], ms: number): number {
  return Math.max(0, ...moments.map((from) => moments.filter((at) => at >= from && at < from + ms).length));
}
