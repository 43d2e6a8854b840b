/** Everything that can go wrong with a call, made at the edge. Match on `code`, show `message`. */
export class ApiError extends Error {
  /** The HTTP status; 0 when no answer came, or not all of it. */
  readonly status: number;
  /** The API's word (`already_resolved`), `network` when the server gave none, `bad_answer` when it was not the API's. */
  readonly code: string;
  readonly details: unknown;

  constructor(status: number, code: string, message: string, details?: unknown) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

/** Whether an error is the API's answer `code`. */
export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}

/** What to tell a person about any error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The server gave no answer: none came, or only that of a proxy which does not reach it. */
export function networkError(status: number, details?: unknown): ApiError {
  return new ApiError(
    status,
    "network",
    "Sandbar's server does not answer. Check that it still runs in its terminal; then try again.",
    details,
  );
}

/** The same for a command, which may have been done before its answer was lost. */
export function commandError({ status, details }: ApiError): ApiError {
  return new ApiError(
    status,
    "network",
    "Sandbar's server did not answer, so this may have been done all the same. Check that it still runs in its terminal; then look before you try again.",
    details,
  );
}

/** What a failed command is called: nobody knows what became of one that had no answer. */
export function failureTitle(error: unknown, title: string): string {
  if (!isApiError(error, "network")) return title;
  return title.endsWith(".") ? "No answer came." : "No answer came";
}

/** How a proxy answers for a server that it does not reach. */
const gatewayStatuses: readonly number[] = [502, 503, 504];

/** The error in a response, as the API writes them; other bodies are reported with their status. */
export function errorFrom(status: number, body: unknown): ApiError {
  if (typeof body === "object" && body !== null && "error" in body) {
    const { error } = body;
    if (typeof error === "object" && error !== null && "code" in error && "message" in error) {
      const details = "details" in error ? error.details : undefined;
      return new ApiError(status, String(error.code), String(error.message), details);
    }
  }
  if (gatewayStatuses.includes(status)) return networkError(status, body);
  return new ApiError(
    status,
    "bad_answer",
    `The server answered ${status} in a form that is not Sandbar's. Reload.`,
  );
}
