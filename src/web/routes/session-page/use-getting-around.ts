import { type RefObject, useCallback, useEffect, useState } from "react";
import type { Row } from "#src/transcript/rows.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { type Landmark, nextLandmark } from "#src/web/features/transcript/landmarks.logic.ts";
import type { TranscriptHandle } from "#src/web/features/transcript/transcript.tsx";
import { useShortcut } from "#src/web/ui/shortcut.ts";
import { toast } from "#src/web/ui/toast.tsx";

/** Moving through a transcript: links to rows, find, and the keys that step between turns and troubles. */
export function useGettingAround(
  store: TranscriptStore,
  transcript: RefObject<TranscriptHandle | null>,
  ready: boolean,
) {
  const [finding, setFinding] = useState(false);

  const jumpTo = useCallback(
    async (row_key: string) => {
      const found = await transcript.current?.reveal(row_key);
      if (found === false) toast.info("That part of the transcript is not there any more");
      else flash(transcript.current?.element(), row_key);
    },
    [transcript],
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

  const step = (kind: Landmark, direction: "previous" | "next") => {
    const rows: readonly Row[] = store.read().transcript?.rows ?? [];
    const target = nextLandmark(rows, transcript.current?.topRow() ?? null, kind, direction);
    if (target !== null) void jumpTo(target);
  };
  useShortcut("mod+f", () => setFinding(true));
  useShortcut("[", () => step("turn", "previous"));
  useShortcut("]", () => step("turn", "next"));
  useShortcut("{", () => step("trouble", "previous"));
  useShortcut("}", () => step("trouble", "next"));

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
