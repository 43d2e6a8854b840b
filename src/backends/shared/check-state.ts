import { BackendError } from "#src/backends/backend-error.ts";
import type { BackendCheck } from "#src/backends/backend.ts";

/** How a backend is whose check failed. `other_api` is for an address that answers, but has not this API. */
export function stateOfFailure(error: unknown, other_api: string): Pick<BackendCheck, "state" | "detail"> {
  if (!(error instanceof BackendError)) return { state: "offline", detail: "The check was stopped." };
  switch (error.code) {
    case "unauthorized":
      return { state: "unauthorized", detail: error.message };
    case "unreachable":
    case "timeout":
      return { state: "offline", detail: error.message };
    case "not_found":
      return { state: "degraded", detail: other_api };
    default:
      return { state: "degraded", detail: error.message };
  }
}
