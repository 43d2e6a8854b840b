import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { messageOf } from "#src/web/api/api-error.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import type { Direction, Landmark } from "#src/web/features/transcript/landmarks.logic.ts";
import type { TranscriptHandle } from "#src/web/features/transcript/transcript.tsx";
import { useShortcut } from "#src/web/ui/shortcut.ts";
import { toast } from "#src/web/ui/toast.tsx";
import { loadCode } from "#src/web/ui/load-code.ts";

/** Moving through a transcript: links to rows, find, and the keys that step between turns and troubles. */
export function useGettingAround(
  session_id: string,
  store: TranscriptStore,
  transcript: RefObject<TranscriptHandle | null>,
  ready: boolean,
) {
  const [finding, setFinding] = useState(false);

  const jumpTo = useCallback(
    async (row_key: string) => {
      const found = await transcript.current?.reveal(row_key);
      if (found === null) sayWhyNot(store);
      else flash(transcript.current?.element(), row_key);
    },
    [store, transcript],
  );

  useEffect(() => {
    if (!ready) return;
    const follow = () => {
      const row_key = decodeURIComponent(location.hash.slice(1));
      if (row_key !== "") void jumpTo(row_key);
    };
    follow();
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, [ready, jumpTo]);

  const step = useStep({ session_id, store, transcript, jumpTo });
  useShortcut("mod+f", () => setFinding(true));
  useShortcut("[", () => void step("turn", "previous"));
  useShortcut("]", () => void step("turn", "next"));
  useShortcut("{", () => void step("trouble", "previous"));
  useShortcut("}", () => void step("trouble", "next"));

  return {
    jumpTo,
    finding,
    openFind: () => setFinding(true),
    closeFind: () => {
      setFinding(false);
      transcript.current?.focus();
    },
  };
}

type StepOptions = {
  session_id: string;
  store: TranscriptStore;
  transcript: RefObject<TranscriptHandle | null>;
  jumpTo: (row_key: string) => Promise<void>;
};

/** Steps from turn to turn and from trouble to trouble, also to those that are not loaded. */
function useStep({ session_id, store, transcript, jumpTo }: StepOptions) {
  const client = useQueryClient();
  // The row of the last step stands in the middle of the view: while nobody scrolls, the next step counts from there.
  const last = useRef<{ row_key: string; top: string | null }>(null);
  const topRow = () => transcript.current?.topRow() ?? null;
  return async (kind: Landmark, direction: Direction) => {
    const top = topRow();
    const from = last.current?.top === top ? last.current.row_key : top;
    try {
      const { findLandmark } = await loadCode(() => import("#src/web/features/transcript/find-landmark.ts"));
      const row_key = await findLandmark(client, store, { session_id, from, kind, direction });
      if (row_key === null) return toast.info(noneWords[kind][direction]);
      await jumpTo(row_key);
      // The list learns where it stands with the scrolling, a frame later.
      requestAnimationFrame(() => requestAnimationFrame(() => (last.current = { row_key, top: topRow() })));
    } catch (error) {
      toast.error("The older messages could not be looked through", messageOf(error));
    }
  };
}

const noneWords = {
  turn: { previous: "There is no turn before this", next: "There is no turn after this" },
  trouble: {
    previous: "There is no failure or request before this",
    next: "There is no failure or request after this",
  },
};

/** Why a row that was jumped to is not shown. */
function sayWhyNot(store: TranscriptStore): void {
  if (store.read().older === "failed")
    toast.error("The older messages could not be loaded", "Scroll up to try again.");
  else toast.info("That part of the transcript is not there any more");
}

/** Shows for a moment where a jump has led. */
function flash(root: HTMLElement | null | undefined, row_key: string): void {
  requestAnimationFrame(() => {
    root
      ?.querySelector(`[data-row="${CSS.escape(row_key)}"]`)
      ?.animate([{ backgroundColor: "var(--accent-soft)" }, { backgroundColor: "transparent" }], {
        duration: 1600,
        easing: "ease-out",
      });
  });
}
