import { useSyncExternalStore } from "react";

/** Room for the panel beside the transcript, which keeps its measure. */
const query = "(min-width: 80rem)";

/** Whether the panel stands beside the transcript; otherwise it comes as a sheet. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

function subscribe(listener: () => void): () => void {
  const media = matchMedia(query);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}
