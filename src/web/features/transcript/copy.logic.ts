import { textOf } from "#src/domain/text.ts";
import { turnMarkdown } from "#src/transcript/markdown.ts";
import type { Row } from "#src/transcript/rows.ts";
import type { Copied } from "./transcript-context.ts";

/** What goes on the clipboard for a row; null when there is nothing to copy. */
export function textToCopy(rows: readonly Row[], row_key: string, what: Copied): string | null {
  const at = rows.findIndex(({ key }) => key === row_key);
  const row = rows[at];
  if (!row) return null;
  if (what === "turn") {
    const prompt = rows.slice(0, at + 1).findLast(({ kind }) => kind === "user");
    return prompt ? turnMarkdown(rows, prompt.key) : null;
  }
  switch (row.kind) {
    case "user":
      return textOf(row.content);
    case "text":
      return row.text;
    default:
      return null;
  }
}
