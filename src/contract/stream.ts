import * as z from "zod";
import { Cursor, defineRoutes } from "./route.ts";

const tag = "Streams";
const media = "text/event-stream";
const position = {
  after: Cursor.optional(),
  last_event_id: z.string().optional().describe("the same, as the Sessions API spells it"),
};

/** The first frame of every stream. On `gap` the client fetches again; it never guesses. */
export const Resume = z.object({ status: z.enum(["ok", "gap"]), cursor: z.string() });
export type Resume = z.infer<typeof Resume>;

/** Frames beside the events: `resume` first, `keepalive` every 15 s. */
export const KEEPALIVE_MS = 15_000;
/** A client that hears nothing for this long reconnects. */
export const SILENCE_MS = 45_000;

export const streamRoutes = defineRoutes({
  "GET /stream": {
    tag,
    summary:
      "One stream for a whole browser: list-level events of everything, all events of the named sessions",
    query: z.object({
      sessions: z.string().optional().describe("session ids, comma separated"),
      ...position,
    }),
    responses: { 200: undefined },
    media,
  },
  "GET /sessions/{session_id}/stream": {
    tag,
    summary: "Every event of one session",
    query: z.object(position),
    responses: { 200: undefined },
    media,
  },
  "GET /sandboxes/{sandbox_id}/stream": {
    tag,
    summary: "Every event of one sandbox",
    query: z.object(position),
    responses: { 200: undefined },
    media,
  },
});
