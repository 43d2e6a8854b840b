/** Asks again until the answer passes, and gives that answer; fails after `patience_ms` with what it got last. */
export async function until<T>(
  ask: () => Promise<T>,
  passes: (answer: T) => boolean,
  patience_ms = 30_000,
): Promise<T> {
  const deadline = performance.now() + patience_ms;
  for (;;) {
    const answer = await ask();
    if (passes(answer)) return answer;
    if (performance.now() > deadline)
      throw new Error(`still ${JSON.stringify(answer)} after ${patience_ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
