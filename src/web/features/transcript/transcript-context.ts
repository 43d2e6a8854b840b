import { createContext, use } from "react";
import type { Folds } from "./folds.ts";

/** What a copy takes: one message, or the turn it belongs to. */
export type Copied = "message" | "turn";

/** What every row may need and none owns. Stable for as long as the session is open. */
export type TranscriptContextValue = {
  folds: Folds;
  /** Who answers, as the rows name it. */
  agent: string;
  /** The item that begins what the reader has not seen yet; null when there is nothing of that. */
  newFrom: string | null;
  /** The address of this page at a row. */
  linkTo: (key: string) => string;
  /** Puts a row's message, or its turn as Markdown, on the clipboard. */
  copy: (row_key: string, what: Copied) => void;
  /** Shows the events of a row in the panel. */
  showEvents: (row_key: string) => void;
};

export const TranscriptContext = createContext<TranscriptContextValue | null>(null);

export function useTranscriptContext(): TranscriptContextValue {
  const value = use(TranscriptContext);
  if (!value) throw new Error("A row stands outside of a Transcript");
  return value;
}
