import type * as z from "zod";

/** A JSON column's value; the schema also fills in fields that a later version added. */
export function parseJson<T>(schema: z.ZodType<T>, text: string): T {
  return schema.parse(JSON.parse(text));
}
