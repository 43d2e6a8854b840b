import type { Context } from "hono";
import { toErrorResponse } from "../../errors.ts";
import type { Services } from "../../routes/services.ts";

/** What every 4xx and 5xx of this API says (spec 2). */
export type AmikaError = {
  type: "error";
  error_code: string;
  message: string;
  details?: unknown[];
  trace_id: string;
};

/** A failed call as this API tells it; faults of the server itself go to the log under the trace id. */
export function amikaErrorHandler({ logger, newId }: Pick<Services, "logger" | "newId">) {
  return (error: unknown, context: Context): Response => {
    const trace_id = newId();
    const { status, body, headers, expected } = toErrorResponse(error, trace_id);
    if (!expected) {
      const { method, path } = context.req;
      logger.error({ error, request_id: trace_id, method, path }, "a call failed");
    }
    const { code, message, details } = body.error;
    const answer: AmikaError = {
      type: "error",
      error_code: code,
      message,
      ...(details === undefined ? {} : { details: listOf(details) }),
      trace_id,
    };
    return new Response(JSON.stringify(answer), {
      status,
      headers: {
        ...headers,
        "content-type": "application/json",
        "cache-control": "no-store",
        "x-trace-id": trace_id,
      },
    });
  };
}

/** `details` is an array here: of a body that does not fit, one entry for each field. */
function listOf(details: unknown): unknown[] {
  if (Array.isArray(details)) return details;
  if (typeof details === "object" && details !== null && "issues" in details && Array.isArray(details.issues))
    return details.issues;
  return [details];
}
