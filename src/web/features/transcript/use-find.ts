import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useMemo, useState } from "react";
import { transcriptSearchQuery, useSplitRows } from "#src/web/api/queries/whole-session.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { joinFound, type OlderMatches, rowSearcher } from "./find.logic.ts";
import type { TranscriptHandle } from "./transcript.tsx";
import { useMatchWalk } from "./use-match-walk.ts";

/** How long after the last key the search begins, in milliseconds. */
const TYPING_MS = 200;

type FindOptions = {
  session_id: string;
  store: TranscriptStore;
  transcript: RefObject<TranscriptHandle | null>;
};

export type Find = ReturnType<typeof useFind>;

/** Finds a text in the whole session: the server looks through the rows that are not loaded, the page through its own. */
export function useFind({ session_id, store, transcript }: FindOptions) {
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  const query = typed.trim();
  useEffect(() => {
    const timer = setTimeout(() => setAsked(query), TYPING_MS);
    return () => clearTimeout(timer);
  }, [query]);

  const { before, rows } = useSplitRows(store);
  const search = useQuery(transcriptSearchQuery(session_id, asked, before));
  const asksServer = asked !== "" && before !== null;
  // What was found last stays until there is something new to show.
  const [shown, setShown] = useState<{ query: string; older: OlderMatches | null }>(nothingAsked);
  const older = (asksServer && search.data) || null;
  const settled = !asksServer || !search.isPending;
  if (settled && (shown.query !== asked || shown.older !== older)) setShown({ query: asked, older });
  const searcher = useMemo(() => rowSearcher(shown.query), [shown.query]);
  const found = useMemo(() => joinFound(shown.older, searcher(rows)), [shown.older, searcher, rows]);

  const searching = query !== shown.query || !settled;
  const walk = useMatchWalk({ found, query: shown.query, searching, transcript });
  return {
    typed,
    setTyped: (text: string) => {
      setTyped(text);
      walk.restart();
    },
    /** What `found` is the result of. */
    query: shown.query,
    found,
    searching,
    /** Why the rows that are not loaded could not be searched. */
    error: asksServer && !searching ? search.error : null,
    retry: () => void search.refetch(),
    current: walk.current,
    here: walk.here,
    going: walk.going,
    /** Goes to the next match or the one before; what was typed just now is searched for first. */
    step: (by: 1 | -1) => {
      setAsked(query);
      walk.step(by);
    },
  };
}

const nothingAsked = { query: "", older: null };
