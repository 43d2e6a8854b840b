import { formatLabel } from "./sandbox-filter.logic.ts";

/** Reads labels as people type them: `team=web, spike`. A word without `=` is a label with an empty value. */
export function parseLabels(text: string): Record<string, string> {
  const pairs = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter(Boolean)
    .map((part): [string, string] => {
      const at = part.indexOf("=");
      return at < 0 ? [part, ""] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    });
  return Object.fromEntries(pairs.filter(([key]) => key !== ""));
}

/** The same the other way round, for an edit field. */
export function formatLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => formatLabel(key, value))
    .join(", ");
}
