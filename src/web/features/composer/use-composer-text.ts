import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { createDraftStore } from "./draft-store.ts";
import { atHistoryEdge, type HistoryPosition, stepHistory } from "./history.logic.ts";

const drafts = createDraftStore({
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value),
  removeItem: (key) => localStorage.removeItem(key),
});

/** The text of the field: kept as a draft through a reload, with the prompts before it behind Up and Down. */
export function useComposerText(session_id: string, field: RefObject<HTMLTextAreaElement | null>) {
  const [text, setText] = useState(() => drafts.read(session_id));
  const [caret, setCaret] = useState(text.length);
  const history = useRef<HistoryPosition | null>(null);
  /** Where the caret goes after the next render, when the text was not typed: first, behind the draft. */
  const nextCaret = useRef<number | null>(text.length);

  useLayoutEffect(() => {
    if (nextCaret.current === null) return;
    field.current?.setSelectionRange(nextCaret.current, nextCaret.current);
    nextCaret.current = null;
  });

  const type = (next: string, at: number) => {
    history.current = null;
    setText(next);
    setCaret(at);
    drafts.write(session_id, next);
  };

  /** Puts a text there and the caret at its end, or where it is told to. */
  const put = (next: string, at = next.length) => {
    type(next, at);
    nextCaret.current = at;
  };

  /** Empties the field; the draft stays until the message is known to have arrived. */
  const clear = () => {
    history.current = null;
    setText("");
    setCaret(0);
  };

  /** Goes through earlier prompts; false when the key is the caret's. */
  const step = (prompts: readonly string[], direction: "back" | "forward"): boolean => {
    const at = field.current?.selectionStart ?? 0;
    const selecting = at !== field.current?.selectionEnd;
    if (selecting || !atHistoryEdge(text, at, direction)) return false;
    const result = stepHistory(prompts, history.current, text, direction);
    if (!result) return false;
    put(result.text);
    history.current = result.position;
    return true;
  };

  /** A message did not arrive: its text comes back before what was typed since, also when the field is gone. */
  const restore = (sent: string) => {
    const since = field.current ? field.current.value : drafts.read(session_id);
    put(since === "" || since === sent ? sent : `${sent}\n${since}`);
  };

  const forget = (sent: string) => drafts.sent(session_id, sent);

  return { text, caret, setCaret, type, put, clear, step, restore, forget };
}
