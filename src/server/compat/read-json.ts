import type { Context } from "hono";
import type * as z from "zod";
import { ApiError } from "../errors.ts";

/** The request's JSON body as the schema reads it. @throws ApiError 400 when it is not JSON; ZodError when it does not fit. */
export async function readJson<T extends z.ZodType>(context: Context, schema: T): Promise<z.output<T>> {
  const text = await context.req.text();
  if (text.trim() === "") throw new ApiError(400, "invalid_json", "This call needs a JSON body.");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ApiError(400, "invalid_json", `The body is not JSON: ${String(error)}`);
  }
  return schema.parse(value);
}
