import type { Context } from "hono";
import { BackendError } from "#src/backends/backend-error.ts";
import { toErrorResponse } from "../../errors.ts";
import type { Services } from "../../routes/services.ts";

const TITLES = {
  invalid_request: "Invalid Request",
  unsupported_agent: "Unsupported Agent",
  agent_not_installed: "Agent Not Installed",
  install_failed: "Install Failed",
  agent_process_exited: "Agent Process Exited",
  token_invalid: "Token Invalid",
  permission_denied: "Permission Denied",
  session_not_found: "Session Not Found",
  session_already_exists: "Session Already Exists",
  mode_not_supported: "Mode Not Supported",
  stream_error: "Stream Error",
  timeout: "Timeout",
} as const;

type Word = keyof typeof TITLES;
type Extras = { agent?: string; sessionId?: string; details?: unknown };

/** An error of this API (spec 1, error body). */
export class Problem extends Error {
  readonly status: number;
  readonly word: Word;
  readonly extras: Extras;

  constructor(status: number, word: Word, detail: string, extras: Extras = {}) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.word = word;
    this.extras = extras;
  }
}

export function invalidRequest(message: string, status = 400): Problem {
  return new Problem(status, "invalid_request", `invalid request: ${message}`);
}

export function unsupportedAgent(agent: string): Problem {
  return new Problem(400, "unsupported_agent", `unsupported agent: ${agent}`, { agent });
}

export function sessionNotFound(sessionId: string): Problem {
  return new Problem(404, "session_not_found", `session not found: ${sessionId}`, { sessionId });
}

/** A failed start or install of an agent, told as the API does; any other error as it is. */
export function explainAgentFailure(error: unknown, agent: string): unknown {
  if (!(error instanceof BackendError)) return error;
  if (error.code === "agent_not_installed")
    return new Problem(404, "agent_not_installed", `agent not installed: ${agent}`, { agent });
  if (error.code === "agent_failed") {
    const details = { message: error.message };
    return new Problem(500, "agent_process_exited", `agent process exited: ${agent}`, { agent, details });
  }
  return error;
}

/** Any error in this API's words; faults of the server itself go to the log. */
export function problemHandler({ logger, newId }: Pick<Services, "logger" | "newId">) {
  return (error: unknown, context: Context): Response => {
    if (error instanceof Problem) return problemResponse(error);
    const request_id = newId();
    const { status, body, headers, expected } = toErrorResponse(error, request_id);
    if (!expected) {
      const { method, path } = context.req;
      logger.error({ error, request_id, method, path }, "a call failed");
    }
    return problemResponse(translate(status, body.error.message), headers);
  };
}

function translate(status: number, message: string): Problem {
  const details = { message };
  switch (status) {
    case 401:
      return new Problem(401, "token_invalid", "token invalid", {
        details: { message: "missing or invalid token" },
      });
    case 403:
      return new Problem(403, "permission_denied", "permission denied", { details });
    case 413:
    case 415:
    case 422:
    case 429:
      return invalidRequest(message, status);
    case 504:
      return new Problem(504, "timeout", "timeout", { details });
    default:
      return status < 500
        ? invalidRequest(message)
        : new Problem(502, "stream_error", `stream error: ${message}`, { details });
  }
}

/** `application/json`, as the original says it, not `application/problem+json`. */
function problemResponse({ status, word, message, extras }: Problem, headers: Record<string, string> = {}) {
  const body = {
    type: `urn:sandbox-agent:error:${word}`,
    title: TITLES[word],
    status,
    detail: message,
    ...extras,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, "content-type": "application/json", "cache-control": "no-store" },
  });
}
