import { BackendError } from "#src/backends/backend-error.ts";
import { isErrno } from "./errno.ts";

/**
 * An error of the operating system as a `BackendError` whose message says what to do; one that already says so
 * stays as it is. `doing` completes "While …", for example "copying the folder".
 */
export function explainFailure(error: unknown, doing: string): BackendError {
  if (error instanceof BackendError) return error;
  if (isErrno(error, "ENOSPC", "EDQUOT")) {
    return failure(`The disk is full: it ran out while ${doing}. Free some space and try again.`, error);
  }
  if (isErrno(error, "EACCES", "EPERM")) {
    return failure(
      `Sandbar has no permission for ${pathOf(error)} (while ${doing}). Change it and try again.`,
      error,
    );
  }
  if (isErrno(error, "EROFS")) {
    return failure(`${pathOf(error)} is on a read-only disk (while ${doing}).`, error);
  }
  if (isErrno(error, "EMFILE", "ENFILE")) {
    return failure(
      `Too many files are open on this machine (while ${doing}). Try again, or raise the limit.`,
      error,
    );
  }
  if (error instanceof Error && error.name === "AbortError") {
    return new BackendError("invalid_state", `It was cancelled while ${doing}.`, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return failure(`It failed while ${doing}: ${message}`, error);
}

function failure(message: string, cause: unknown): BackendError {
  return new BackendError("upstream_error", message, { cause });
}

function pathOf(error: NodeJS.ErrnoException): string {
  return error.path ?? "a file";
}
