import { useEffect, useState } from "react";
import { GRACE_MS } from "./dialog-queue.logic.ts";

/** Whether a request that appeared at `since` (of `performance.now()`) may be answered; turns true by itself. */
export function useArmed(since: number): boolean {
  const [armedFor, setArmedFor] = useState<number | null>(null);
  useEffect(() => {
    const left = Math.max(0, since + GRACE_MS - performance.now());
    const timer = setTimeout(() => setArmedFor(since), left);
    return () => clearTimeout(timer);
  }, [since]);
  return armedFor === since;
}
