import { BackendError } from "#src/backends/backend-error.ts";
import { detailsOf, isInconclusive } from "#src/backends/shared/http-error.ts";

/** The upstream's own code for an error (spec 1), or null when something before its handlers answered. */
export function upstreamCode(error: unknown): string | null {
  return detailsOf(error)?.upstream_code ?? null;
}

/** Whether the server has no such route. Its own 404s say what was not found. */
export function isNoRoute(error: unknown): boolean {
  const status = detailsOf(error)?.status;
  const code = upstreamCode(error);
  return (
    status === 405 ||
    (status === 404 && (code === null || code === "not_found" || code === "route_not_found"))
  );
}

/** Whether a failed call proves that it was not and will not be done. */
export function isRefusal(error: unknown): boolean {
  const status = detailsOf(error)?.status;
  return status !== undefined && !isInconclusive(status);
}

/** An error in the port's words, where the HTTP status alone says too little. */
export function refine(error: unknown): unknown {
  if (!(error instanceof BackendError)) return error;
  const { message, details } = error;
  switch (upstreamCode(error)) {
    case "session_not_found":
      return new BackendError(
        "not_found",
        `The server does not know this session any more. The history here stays; start a new session to go on. It said: ${message}`,
        { cause: error, details },
      );
    case "sandbox_already_exists":
    case "secret_already_exists":
      return new BackendError("already_exists", message, { cause: error, details });
    case "already_resolved":
      return new BackendError("already_resolved", message, { cause: error, details });
    case "agent_not_installed":
      return new BackendError("agent_not_installed", message, { cause: error, details });
    case "agent_failed":
    case "agent_not_running":
    case "agent_communication_error":
      return new BackendError("agent_failed", message, { cause: error, details });
    default:
      return error;
  }
}

/** The error of a reply: a request that no longer waits is a conflict (spec 3). */
export function refineReply(error: unknown): unknown {
  const gone = error instanceof BackendError && error.code === "invalid_state";
  const unknown = upstreamCode(error) === "request_not_found";
  if (!gone && !unknown) return refine(error);
  return new BackendError("already_resolved", "The agent no longer waits for this answer.", { cause: error });
}

/** Whether no further try can bring the stream back. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof BackendError)) return false;
  return error.code === "unauthorized" || error.code === "not_found";
}
