import * as z from "zod";
import type { ChangedFile, OutlineTurn, TranscriptPage } from "#src/transcript/rows.ts";
import { Count, Cursor, defineRoutes } from "./route.ts";

const tag = "Sessions";

/** What comes from Sandbar's own fold has the fold's types; OpenAPI shows the envelope around it. */
const folded = <T>(name: string) =>
  z.custom<T>((value) => typeof value === "object" && value !== null && name in value);
const Page = folded<TranscriptPage>("rows");
const File = folded<ChangedFile>("path");
const Turn = folded<OutlineTurn>("key");

const before = Cursor.optional().describe("only rows before the one that this event opened");
const cursor = z.string().describe("the event that the answer is true at");

/** A session's transcript: its folded rows a page at a time, and what can only be said of all of them. */
export const transcriptRoutes = defineRoutes({
  "GET /sessions/{session_id}/transcript": {
    tag,
    summary: "Folded rows, newest page first, with the cursor they are true at",
    query: z.object({ before: z.string().optional(), limit: Count(2000).optional() }),
    responses: { 200: Page },
  },
  "GET /sessions/{session_id}/transcript/search": {
    tag,
    summary: "The rows of the whole session that hold a text, whatever its case, oldest first",
    query: z.object({
      q: z.string().min(1).max(500),
      before,
      limit: Count(10_000).optional().describe("at most so many rows, the newest"),
    }),
    responses: {
      200: z.object({
        rows: z.array(z.object({ row_key: z.string(), count: z.number().int() })),
        total: z.number().int().describe("how often the text stands in all rows, also those over the limit"),
        cursor,
      }),
    },
  },
  "GET /sessions/{session_id}/changes": {
    tag,
    summary:
      "The files that the session changed, each with its changes in order, those of the same part as one",
    query: z.object({ before }),
    responses: { 200: z.object({ files: z.array(File), cursor }) },
  },
  "GET /sessions/{session_id}/outline": {
    tag,
    summary:
      "The session's turns: the first line of each prompt, how it went, what failed and what was asked",
    query: z.object({ before }),
    responses: { 200: z.object({ turns: z.array(Turn), cursor }) },
  },
});
