import { memo } from "react";
import { formatElapsed } from "#src/lib/format.ts";
import { useTranscript } from "#src/web/api/queries/transcript.ts";
import type { TranscriptStore } from "#src/web/api/transcript-store.ts";
import { useNow } from "#src/web/ui/now.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { WorkingDots } from "#src/web/ui/working-dots.tsx";

type WorkingLineProps = { store: TranscriptStore; agent: string };

/** Below the last row while a turn runs: who works, and for how long. */
export const WorkingLine = memo(function WorkingLine({ store, agent }: WorkingLineProps) {
  const turn = useTranscript(store, (snapshot) => snapshot.transcript?.view.turn ?? null);
  const waits = useTranscript(store, ({ transcript }) => (transcript?.live.requests.length ?? 0) > 0);
  if (!turn) return null;
  if (waits && !turn.stopping) {
    return (
      <p className="flex min-h-9 gap-2 pt-2 text-xs text-muted">
        {visibleText(agent)} waits for you
        {turn.asked_at && <Elapsed since={turn.asked_at} />}
      </p>
    );
  }
  return (
    <p className="flex min-h-9 items-center gap-2 pt-2 text-xs text-muted">
      <WorkingDots className="text-working" />
      {turn.stopping ? "Stopping" : `${visibleText(agent)} is working`}
      <Elapsed since={turn.started_at} />
    </p>
  );
});

function Elapsed({ since }: { since: string }) {
  const now = useNow("fast");
  return <span className="text-faint">{formatElapsed(now - Date.parse(since))}</span>;
}
