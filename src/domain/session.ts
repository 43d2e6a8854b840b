import * as z from "zod";
import { AgentCommand, SessionOption } from "./agent.ts";

export const SessionState = z.enum(["active", "processing", "waiting_for_input", "completed", "failed"]);
export type SessionState = z.infer<typeof SessionState>;

/** A prompt that waits for the running turn to end. The queue lives on the server. */
export const QueuedMessage = z.object({ id: z.string(), prompt_text: z.string(), queued_at: z.string() });
export type QueuedMessage = z.infer<typeof QueuedMessage>;

/** One conversation with one agent. */
export const Session = z.object({
  id: z.string(),
  sandbox_id: z.string(),
  sandbox_name: z.string(),
  backend_id: z.string(),
  agent: z.string(),
  title: z.string(),
  state: SessionState,
  state_detail: z.string().nullable(),
  stopping: z.boolean().describe("a stop was asked for and the turn has not ended yet"),
  options: z.array(SessionOption),
  commands: z.array(AgentCommand),
  metadata: z.record(z.string(), z.unknown()),
  directory: z.string().nullable(),
  archived_at: z.string().nullable(),
  turn_started_at: z.string().nullable(),
  heard_at: z
    .string()
    .nullable()
    .describe("when the newest event of a session whose turn runs was stored; null while none runs"),
  pending_permissions: z.number().int(),
  pending_questions: z.number().int(),
  pending_summary: z.string().nullable().describe("the oldest request in a few words: `Bash: rm -rf dist`"),
  queue_length: z.number().int(),
  last_error: z.string().nullable(),
  last_event_id: z.string().describe("newest event a person would want to have seen; for the unread mark"),
  created_at: z.string(),
  updated_at: z.string(),
  last_activity_at: z.string(),
});
export type Session = z.infer<typeof Session>;
