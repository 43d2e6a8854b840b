import * as z from "zod";

const Cursor = z.object({
  told: z.number().int().nonnegative().describe("messages of the transcript that the log has"),
  turn: z
    .object({
      since: z.string().describe("when its prompt was sent, by our clock"),
      status: z.string().nullable().describe("the session's status before it"),
    })
    .nullable(),
});
/** Where a session stands: enough to find out after a restart what became of a turn. */
export type Cursor = z.infer<typeof Cursor>;

export function formatCursor(cursor: Cursor): string {
  return JSON.stringify(cursor);
}

/** Null for no cursor, and for one that is not ours. */
export function parseCursor(text: string | null): Cursor | null {
  if (text === null) return null;
  try {
    return Cursor.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
