import { type RefObject, useEffect, useState } from "react";
import type { Row } from "#src/transcript/rows.ts";
import { matchesIn } from "#src/transcript/search.ts";
import { firstMatch, type Found, matchAt, type MatchPlace, stepMatch } from "./find.logic.ts";
import type { CurrentMark } from "./marks.ts";
import type { TranscriptHandle } from "./transcript.tsx";

type WalkOptions = {
  found: Found;
  /** What was found is the result of. */
  query: string;
  /** Another result is on its way: a step waits for it. */
  searching: boolean;
  transcript: RefObject<TranscriptHandle | null>;
};

type Walk = {
  /** The number of the match that one is at, over the session and from 0; -1 before the first step. */
  current: number;
  /** The steps that were asked for and not taken yet, and the row at the top of the view then. */
  wanted: { steps: readonly (1 | -1)[]; top: string | null } | null;
  /** The match that is being brought into view. */
  target: (MatchPlace & { query: string }) | null;
  /** Where the current match is marked, once it is on the page. */
  here: CurrentMark | null;
};

const start: Walk = { current: -1, wanted: null, target: null, here: null };

/** Goes from match to match, through rows that are loaded and those that are not. */
export function useMatchWalk({ found, query, searching, transcript }: WalkOptions) {
  const [walk, setWalk] = useState(start);
  const { current, wanted, target, here } = walk;
  if (wanted !== null && !searching) {
    const { steps, top } = wanted;
    const next = steps.reduce(
      (at, by) => (at < 0 ? firstMatch(found, top, by) : stepMatch(found, at, by)),
      current,
    );
    const match = matchAt(found, next);
    setWalk(match ? { ...start, current: next, target: { ...match, query } } : start);
  }

  useEffect(() => {
    if (!target) return;
    const journey = new AbortController();
    const { signal } = journey;
    void (async () => {
      let starts: number[] = [];
      const offset = (row: Row) => {
        starts = matchesIn(row, target.query).map((match) => match.start);
        return starts[target.place] ?? 0;
      };
      const item = await transcript.current?.reveal(target.row_key, { unfold: true, signal, offset });
      if (signal.aborted) return;
      const before = starts.filter((place) => item && place < item.start).length;
      const mark = item ? { item_key: item.item_key, place: target.place - before } : null;
      setWalk((now) => ({ ...now, target: null, here: mark }));
    })();
    return () => journey.abort();
  }, [target, transcript]);

  return {
    current,
    here,
    /** Older pages are loading for it. */
    going: target !== null,
    step: (by: 1 | -1) => {
      const top = transcript.current?.topRow() ?? null;
      setWalk((now) => ({ ...now, wanted: { top, steps: [...(now.wanted?.steps ?? []), by] } }));
    },
    restart: () => setWalk(start),
  };
}
