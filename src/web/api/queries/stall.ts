import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { mustAskAgain, type Quiet, stallMs } from "#src/lib/stall.ts";

/**
 * For how long a session's turn has said nothing, in ms; null while that is no sign of a stall. `queryKey` names what
 * holds the session: the server is asked again before anything is said, once for each silence, and no clock polls it.
 */
export function useStall(quiet: Quiet, queryKey: QueryKey, now: number): number | null {
  const client = useQueryClient();
  const state = client.getQueryState(queryKey);
  const fetched_at = state?.dataUpdatedAt ?? 0;
  // A call that failed is not repeated either; it only confirms nothing.
  const asks = mustAskAgain(quiet, Math.max(fetched_at, state?.errorUpdatedAt ?? 0), now);
  useEffect(() => {
    if (asks) void client.refetchQueries({ queryKey, exact: true }, { cancelRefetch: false });
  }, [asks, client, queryKey]);
  return mustAskAgain(quiet, fetched_at, now) ? null : stallMs(quiet, now);
}
