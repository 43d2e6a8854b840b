import * as z from "zod";

/** Every error of the API. `code` is for programs, `message` says what happened and what to do. */
export const ErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
