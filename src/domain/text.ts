import type { ContentBlock } from "./content.ts";

/** The text of a message, its text blocks joined by a blank line; other blocks are left out. */
export function textOf(content: readonly ContentBlock[]): string {
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n\n");
}
