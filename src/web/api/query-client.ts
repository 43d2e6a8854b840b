import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api-error.ts";

/** Whether asking again could help: no answer came, or the server itself failed. */
function isPassing(error: Error): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}

/**
 * The page's cache. The stream keeps it true, so nothing polls; `networkMode` is `always` because the server is often on
 * this very machine, where being offline says nothing.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        networkMode: "always",
        retry: (failures, error) => failures < 2 && isPassing(error),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}
