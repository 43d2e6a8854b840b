import { useSyncExternalStore } from "react";
import { type StreamStatus, streamStatus } from "./status.ts";

/** How the live connection is. */
export function useStreamStatus(): StreamStatus {
  return useSyncExternalStore(streamStatus.subscribe, streamStatus.get);
}
