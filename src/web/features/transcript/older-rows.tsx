import { memo } from "react";
import { Button } from "#src/web/ui/button.tsx";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";

/** The height of what stands above the first row; fixed, so that nothing below it moves. */
export const TOP_MARGIN = 40;

/** Above the first row: that older ones are on their way, or that they did not come. */
export const OlderRows = memo(function OlderRows({ store }: { store: TranscriptStore }) {
  const older = useTranscript(store, (snapshot) => snapshot.older);
  return (
    <div
      className="flex items-center justify-center gap-2 text-xs text-faint"
      style={{ height: TOP_MARGIN }}
      aria-live="polite"
    >
      {older === "loading" && "Loading older messages…"}
      {older === "failed" && (
        <>
          Older messages could not be loaded.
          <Button size="sm" onClick={() => void store.loadOlder()}>
            Try again
          </Button>
        </>
      )}
    </div>
  );
});
