/**
 * Orders two event ids: decimal strings without leading zeros, so the longer one is the greater and equal lengths
 * compare as text. Negative when `a` is older than `b`. Ids are never parsed: they may pass 2^53.
 */
export function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
