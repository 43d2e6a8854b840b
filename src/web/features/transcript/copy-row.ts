import type { Row } from "#src/transcript/rows.ts";
import type { Copied } from "./transcript-context.ts";
import { loadCode } from "#src/web/ui/load-code.ts";

/** Puts a row's message, or its turn, on the clipboard. Turning a turn into Markdown loads when it is wanted. */
export async function copyRow(rows: readonly Row[], row_key: string, what: Copied): Promise<void> {
  const { textToCopy } = await loadCode(() => import("./copy.logic.ts"));
  const text = textToCopy(rows, row_key, what);
  if (text !== null) await navigator.clipboard.writeText(text);
}
