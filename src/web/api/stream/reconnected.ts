import type { Store } from "#src/lib/store.ts";
import { type StreamStatus, streamStatus } from "./status.ts";

/** Calls back each time that the stream is live again after it was lost. Call the result to stop. */
export function onReconnected(
  action: () => void,
  status: Pick<Store<StreamStatus>, "get" | "subscribe"> = streamStatus,
): () => void {
  let wasLost = false;
  const look = () => {
    const { phase } = status.get();
    if (phase === "connecting") return;
    const isBack = wasLost && phase === "live";
    wasLost = phase !== "live";
    if (isBack) action();
  };
  look();
  return status.subscribe(look);
}
