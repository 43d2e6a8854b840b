const BURST = 10;
const REFILL_MS = 6_000;
/** Addresses remembered at most; beyond it, those whose bucket is full again go. */
const MOST_ADDRESSES = 10_000;

/**
 * Bounds failed attempts: each address has ten, and gets one back every six seconds. What is attempted has 256 random
 * bits, so this keeps strangers from making work and noise; a right token always passes.
 */
export type Limiter = {
  /** Counts a failure; gives the seconds to wait when the address has had too many. */
  fail(address: string): number | null;
};

export function createLimiter(now: () => Date): Limiter {
  const buckets = new Map<string, { left: number; at: number }>();

  function leftNow({ left, at }: { left: number; at: number }, time: number): number {
    return Math.min(BURST, left + (time - at) / REFILL_MS);
  }

  function forgetFull(time: number): void {
    for (const [address, bucket] of buckets) if (leftNow(bucket, time) >= BURST) buckets.delete(address);
  }

  return {
    fail: (address) => {
      const time = now().getTime();
      if (buckets.size >= MOST_ADDRESSES) forgetFull(time);
      const left = leftNow(buckets.get(address) ?? { left: BURST, at: time }, time);
      if (left < 1) return Math.ceil(((1 - left) * REFILL_MS) / 1000);
      buckets.set(address, { left: left - 1, at: time });
      return null;
    },
  };
}
