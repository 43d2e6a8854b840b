import { useEffect, useState } from "react";
import type { StreamStatus } from "#src/web/api/stream/status.ts";
import { useStreamStatus } from "#src/web/api/stream/use-stream-status.ts";
import { retryStream } from "#src/web/api/stream/watch.ts";
import { Banner } from "#src/web/ui/banner.tsx";
import { Button } from "#src/web/ui/button.tsx";
import { useNow } from "#src/web/ui/now.ts";

/** A blip that mends itself within this is nobody's business. */
const graceMs = 2000;

/** Says that the connection is lost, why, and what happens next. */
export function ConnectionBanner() {
  const status = useStreamStatus();
  return status.phase === "live" ? null : <AfterGrace status={status} />;
}

/** Lives as long as one loss does. */
function AfterGrace({ status }: { status: StreamStatus }) {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsOver(true), graceMs);
    return () => clearTimeout(timer);
  }, []);
  return isOver ? <Lost status={status} /> : null;
}

function Lost({ status }: { status: StreamStatus }) {
  const now = useNow("fast");
  const seconds = status.retry_at === null ? 0 : Math.ceil((status.retry_at - now) / 1000);
  return (
    <Banner
      shape="bar"
      tone={status.phase === "offline" ? "error" : "warning"}
      title={status.phase === "connecting" ? "Not connected yet." : "Connection lost."}
      actions={
        <Button size="sm" onClick={retryStream} busy={status.retry_at === null}>
          Retry now
        </Button>
      }
    >
      {status.reason} What you see may be out of date. {/* A countdown is no news for a screen reader. */}
      <span aria-hidden>{seconds > 0 ? `Trying again in ${seconds} s.` : "Trying now."}</span>
    </Banner>
  );
}
