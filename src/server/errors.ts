import * as z from "zod";
import { BackendError, type BackendErrorCode } from "#src/backends/backend-error.ts";
import type { ErrorBody } from "#src/domain/error.ts";
import { StoreError } from "./store/store-error.ts";

/** The server's own refusal: an HTTP status, a code for programs and a message that says what to do (design §4). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

export type ErrorResponse = {
  status: number;
  body: ErrorBody;
  headers: Readonly<Record<string, string>>;
  /** False for a fault of the server itself: log it, with the request id the caller was given. */
  expected: boolean;
};

/**
 * The answer to a failed call. Known errors keep their code and message; anything else becomes `internal_error` with
 * `request_id` to find it in the log by, and nothing of its insides.
 */
export function toErrorResponse(error: unknown, request_id: string): ErrorResponse {
  if (error instanceof ApiError) {
    return answer(error.status, error.code, error.message, error.details, error.headers);
  }
  if (error instanceof BackendError) {
    const { status, code } = backendAnswers[error.code];
    return answer(status, code, error.message, error.details);
  }
  if (error instanceof z.ZodError) return invalid(error);
  if (error instanceof StoreError) {
    return {
      ...answer(error.code === "full" ? 507 : 503, `store_${error.code}`, error.message),
      expected: false,
    };
  }
  const message = `Something failed inside Sandbar. Its log has more under request ${request_id}.`;
  return { ...answer(500, "internal_error", message, { request_id }), expected: false };
}

function answer(
  status: number,
  code: string,
  message: string,
  details?: unknown,
  headers: Readonly<Record<string, string>> = {},
): ErrorResponse {
  const body = { error: { code, message, ...(details === undefined ? {} : { details }) } };
  return { status, body, headers, expected: true };
}

const backendAnswers: Readonly<Record<BackendErrorCode, { status: number; code: string }>> = {
  unreachable: { status: 502, code: "backend_unreachable" },
  unauthorized: { status: 502, code: "backend_unauthorized" },
  not_found: { status: 404, code: "not_found" },
  already_exists: { status: 409, code: "already_exists" },
  invalid_state: { status: 409, code: "invalid_state" },
  invalid_request: { status: 400, code: "invalid_request" },
  unsupported: { status: 501, code: "unsupported" },
  agent_not_installed: { status: 409, code: "agent_not_installed" },
  agent_failed: { status: 502, code: "agent_failed" },
  already_resolved: { status: 409, code: "already_resolved" },
  rate_limited: { status: 429, code: "rate_limited" },
  timeout: { status: 504, code: "timeout" },
  too_large: { status: 413, code: "too_large" },
  upstream_error: { status: 502, code: "upstream_error" },
};

/** A body or query that does not fit its schema: 400 with the path of each field that is wrong. */
function invalid(error: z.ZodError): ErrorResponse {
  const issues = error.issues
    .flatMap(deepest)
    .map(({ path, message }) => ({ path: pathText(path), message }));
  const first = issues[0];
  const where = first?.path ? `${first.path}: ` : "";
  return answer(400, "validation_failed", `${where}${first?.message ?? "the request does not fit"}`, {
    issues,
  });
}

type Issue = { path: PropertyKey[]; message: string };

/** The issues worth showing: of a union, those of the alternative that came nearest to fitting. */
function deepest(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code !== "invalid_union") return [{ path: [...issue.path], message: issue.message }];
  const alternatives = issue.errors.filter((errors) => errors.length > 0);
  const nearest = alternatives.toSorted((a, b) => reach(b) - reach(a) || a.length - b.length)[0];
  if (!nearest) return [{ path: [...issue.path], message: issue.message }];
  return nearest.flatMap(deepest).map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}

/** How far into the value an alternative got before it failed. */
function reach(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(...issues.map((issue) => issue.path.length));
}

/** `["labels", "a b", 0]` → `labels["a b"][0]`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (!/^\w+$/.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}
