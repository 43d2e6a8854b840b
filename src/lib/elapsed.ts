/** Milliseconds from one RFC 3339 time to another, never negative; null when either cannot be read. */
export function elapsedMs(from: string, to: string): number | null {
  const ms = Date.parse(to) - Date.parse(from);
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}
