const CERTAIN = 4;

/**
 * The lines of `after` that come behind those of `before`: of a log that was read twice, what is new. The log may have
 * lost its oldest lines meanwhile, so the last ones that were seen are looked for from the end.
 */
export function linesAfter(before: readonly string[], after: readonly string[]): string[] {
  const seen = before.slice(-CERTAIN);
  if (seen.length === 0) return [...after];
  const grown = after.length >= before.length;
  if (grown && endsAt(after, before.length, seen)) return after.slice(before.length);
  for (let end = after.length; end > 0; end -= 1) {
    if (endsAt(after, end, seen)) return after.slice(end);
  }
  return [...after];
}

function endsAt(lines: readonly string[], end: number, last: readonly string[]): boolean {
  const start = end - last.length;
  // Of a log that was cut, what stood before its first line cannot be compared.
  return last.every((line, index) => start + index < 0 || lines[start + index] === line);
}
