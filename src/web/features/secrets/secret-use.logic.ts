import type { Secret } from "#src/domain/secret.ts";

type Use = Secret["used_by"][number];

/** What a delete breaks, in one sentence. */
export function deleteWarning(used_by: readonly Use[]): string {
  const names = [...new Set(used_by.map((use) => use.sandbox_name))];
  if (names.length === 0) return "No sandbox uses it.";
  return `${listed(names)} ${names.length === 1 ? "uses" : "use"} it. What runs keeps its value; the next start goes without it.`;
}

/** What has to be done before a replaced value is in use, or undefined when nothing has. */
export function restartHint(used_by: readonly Use[]): string | undefined {
  const names = [...new Set(used_by.map((use) => use.sandbox_name))];
  return names.length === 0 ? undefined : `Restart ${listed(names)} to use it.`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(names: readonly string[], shown = 3): string {
  const head = names.length > shown ? names.slice(0, shown - 1) : names;
  const rest = names.length - head.length;
  const parts = rest > 0 ? [...head, `${rest} more`] : head;
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;
}
