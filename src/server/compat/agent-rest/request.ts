import type { Context } from "hono";
import type * as z from "zod";
import type { AppEnv } from "../../http/env.ts";
import { invalidRequest } from "./problems.ts";

/** The statuses with which the original's framework refuses a body: 415, 400 and 422 (spec 1). */
export async function readBody<T extends z.ZodType>(
  context: Context<AppEnv>,
  schema: T,
): Promise<z.output<T>> {
  const type = context.req.header("content-type") ?? "";
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw invalidRequest("Expected request with `Content-Type: application/json`", 415);
  let value: unknown;
  try {
    value = JSON.parse(await context.req.text());
  } catch (error) {
    throw invalidRequest(`the body is not JSON: ${String(error)}`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(firstIssue(parsed.error), 422);
}

export function readQuery<T extends z.ZodType>(context: Context<AppEnv>, schema: T): z.output<T> {
  const parsed = schema.safeParse(context.req.query());
  if (parsed.success) return parsed.data;
  throw invalidRequest(firstIssue(parsed.error));
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  return issue ? `${issue.path.join(".")}: ${issue.message}` : "the request does not fit";
}
