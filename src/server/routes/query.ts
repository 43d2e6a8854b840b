/** `a,b` → `["a", "b"]`; undefined stays undefined. */
export function parseWords(text: string | undefined): string[] | undefined {
  const words = text
    ?.split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  return words && words.length > 0 ? words : undefined;
}

/** `k=v,k=v` → pairs; a word without `=` asks for the key alone. */
export function parsePairs(text: string | undefined): Record<string, string | null> | undefined {
  const words = parseWords(text);
  if (!words) return undefined;
  return Object.fromEntries(
    words.map((word) => {
      const split = word.indexOf("=");
      return split < 0 ? [word, null] : [word.slice(0, split), word.slice(split + 1)];
    }),
  );
}
