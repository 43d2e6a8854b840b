/** Why a call to a backend failed, in words a program can match. */
export type BackendErrorCode =
  | "unreachable"
  | "unauthorized"
  | "not_found"
  | "already_exists"
  | "invalid_state"
  | "invalid_request"
  | "unsupported"
  | "agent_not_installed"
  | "agent_failed"
  | "already_resolved"
  | "rate_limited"
  | "timeout"
  | "too_large"
  | "upstream_error";

/** The one error adapters throw. `message` is for people, says what to do, and never holds a token. */
export class BackendError extends Error {
  readonly code: BackendErrorCode;
  readonly details: unknown;

  constructor(code: BackendErrorCode, message: string, options: { cause?: unknown; details?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "BackendError";
    this.code = code;
    this.details = options.details;
  }
}
