/** Going through earlier prompts with Up and Down: where one stands, and the draft to come back to. */
export type HistoryPosition = { readonly at: number; readonly draft: string };

export type HistoryStep = { position: HistoryPosition | null; text: string };

/**
 * The step from `position` (null: at the draft) into `prompts`, oldest first. `back` goes to older ones; going past the
 * newest returns to the draft. Null when there is nowhere to go.
 */
export function stepHistory(
  prompts: readonly string[],
  position: HistoryPosition | null,
  text: string,
  direction: "back" | "forward",
): HistoryStep | null {
  const at = (position?.at ?? prompts.length) + (direction === "back" ? -1 : 1);
  const draft = position?.draft ?? text;
  if (at < 0 || (direction === "forward" && position === null)) return null;
  const prompt = prompts[at];
  return prompt === undefined ? { position: null, text: draft } : { position: { at, draft }, text: prompt };
}

/** Whether the key belongs to the history and not to the caret: the caret is at the very start or end of its text. */
export function atHistoryEdge(text: string, caret: number, direction: "back" | "forward"): boolean {
  return direction === "back" ? !text.slice(0, caret).includes("\n") : !text.slice(caret).includes("\n");
}
