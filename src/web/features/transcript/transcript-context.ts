import { createContext, use } from "react";
import type { Row } from "#src/transcript/rows.ts";
import type { Folds } from "./folds.ts";

/** What every row may need and none owns. Stable for as long as the session is open. */
export type TranscriptContextValue = {
  folds: Folds;
  /** Who answers, as the rows name it. */
  agent: string;
  /** The address of this page at a row. */
  linkTo: (key: string) => string;
  /** Copies the turn that a row belongs to, as Markdown. */
  copyTurn: (row: Row) => void;
  /** Shows the events of a row in the panel. */
  showEvents: (row: Row) => void;
};

export const TranscriptContext = createContext<TranscriptContextValue | null>(null);

export function useTranscriptContext(): TranscriptContextValue {
  const value = use(TranscriptContext);
  if (!value) throw new Error("A row stands outside of a Transcript");
  return value;
}
