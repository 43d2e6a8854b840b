const sorted = (values) => [...values].sort((a, b) => a - b);

export const median = (values) => quantile(values, 0.5);

/** The nearest-rank quantile. Throws when there is nothing to rank: a scenario that measured nothing did not run. */
export function quantile(values, share) {
  if (values.length === 0) throw new Error("nothing was measured");
  const rank = Math.min(values.length - 1, Math.max(0, Math.ceil(values.length * share) - 1));
  return sorted(values)[rank];
}

/** Median of each field over runs that all have the same fields. */
export function medians(runs) {
  const [first] = runs;
  if (!first) throw new Error("no run was made");
  return Object.fromEntries(Object.keys(first).map((key) => [key, median(runs.map((run) => run[key]))]));
}

/** Calls `work` one time after another; gives every result. */
export async function repeat(times, work) {
  const results = [];
  for (let run = 0; run < times; run += 1) results.push(await work(run));
  return results;
}
