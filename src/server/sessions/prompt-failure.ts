import { BackendError } from "#src/backends/backend-error.ts";

/** What a turn's failure says when its prompt could not be sent. */
export function promptFailure(error: unknown): { message: string; code: string; stderr: string | null } {
  if (error instanceof BackendError)
    return { message: error.message, code: error.code, stderr: stderrOf(error) };
  return { message: "The prompt could not be sent to the agent.", code: "internal_error", stderr: null };
}

function stderrOf({ details }: BackendError): string | null {
  if (typeof details !== "object" || details === null || !("stderr" in details)) return null;
  return typeof details.stderr === "string" ? details.stderr : null;
}
