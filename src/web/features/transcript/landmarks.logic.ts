import type { Row } from "#src/transcript/rows.ts";

/** What one can step between: what a person said, and what needs looking at. */
export type Landmark = "turn" | "trouble";

/** The row before or after `from` that is a landmark; null when there is none. Without `from` it counts from the end. */
export function nextLandmark(
  rows: readonly Row[],
  from: string | null,
  kind: Landmark,
  direction: "previous" | "next",
): string | null {
  const at = from === null ? rows.length : rows.findIndex((row) => row.key === from);
  const passes = kind === "turn" ? startsTurn : isTrouble;
  const found =
    direction === "previous"
      ? rows.slice(0, Math.max(at, 0)).findLast(passes)
      : rows.slice(at + 1).find(passes);
  return found?.key ?? null;
}

function startsTurn(row: Row): boolean {
  return row.kind === "user";
}

/** A failure, or something that asked a person. */
function isTrouble(row: Row): boolean {
  switch (row.kind) {
    case "error":
    case "permission":
    case "question":
      return true;
    case "tool":
      return row.tool.status === "failed" || row.tool.permissions.length > 0;
    case "turn_end":
      return row.outcome === "failed";
    default:
      return false;
  }
}
