/** Shorter values (`1`, `yes`) would mask half of any output and hide nothing. */
const SHORTEST_SECRET = 4;
const MASK = "•••";

export type Redact = (line: string) => string;

/** Masks the given values, and each line of a value that has several (keys), in a line of output. */
export function createRedactor(secret_values: Iterable<string>): Redact {
  const parts = [...secret_values].flatMap((value) => [
    value,
    ...value.split(/\r?\n/).map((part) => part.trim()),
  ]);
  const secrets = [...new Set(parts)]
    .filter((part) => part.length >= SHORTEST_SECRET)
    // Longest first, so a secret that contains another is masked whole.
    .sort((a, b) => b.length - a.length);
  return (line) => hideUrlCredentials(secrets.reduce((text, secret) => text.replaceAll(secret, MASK), line));
}

/** `https://user:token@host/x` → `https://•••@host/x`, anywhere in a text; `git@host` has no secret and stays. */
export function hideUrlCredentials(text: string): string {
  return text.replace(
    /\b(https?|ftp|ssh|git):\/\/([^\s/@]+)@/gi,
    (whole: string, scheme: string, user: string) =>
      scheme.toLowerCase() === "ssh" && !user.includes(":") ? whole : `${scheme}://${MASK}@`,
  );
}
