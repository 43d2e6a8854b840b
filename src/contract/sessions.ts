import * as z from "zod";
import { SessionOption } from "#src/domain/agent.ts";
import { ContentBlock, Message, MessageRole } from "#src/domain/content.ts";
import { EnvelopeSchema } from "#src/domain/event.ts";
import { PendingRequest, Reply } from "#src/domain/request.ts";
import { QueuedMessage, Session } from "#src/domain/session.ts";
import { Count, Cursor, defineRoutes, Flag, pageOf } from "./route.ts";

const tag = "Sessions";
const Options = z.record(z.string(), z.union([z.string(), z.boolean()]));
const Metadata = z.record(z.string(), z.unknown());

const listQuery = {
  state: z.string().optional().describe("one or more states, comma separated"),
  q: z.string().optional(),
  archived: Flag.optional().describe("1: only archived ones; default: only others"),
  limit: Count(1000).optional(),
  cursor: z.string().optional(),
  page: Flag.optional().describe("1: `{items, next_cursor, total}` instead of the bare array"),
};

/** Of what a session says about itself and its backend may have a copy of. */
const own =
  "Sandbar's own, kept whatever the backend says: one that refuses its copy or cannot be reached is told of by a `session_updated` event, and the answer is the changed session.";

const MessageInput = z.union([
  z.object({ role: MessageRole.default("user"), content: z.array(ContentBlock).min(1) }),
  z.object({ message: z.string().min(1) }),
]);

export const sessionRoutes = defineRoutes({
  "GET /sessions": {
    tag,
    summary: "Sessions of every sandbox and backend, newest activity first",
    query: z.object({
      backend: z.string().optional(),
      sandbox: z.string().optional(),
      label: z.string().optional().describe("k=v of the metadata"),
      ...listQuery,
    }),
    responses: { 200: z.union([z.array(Session), pageOf(Session)]) },
  },
  "GET /sandboxes/{sandbox_id}/sessions": {
    tag,
    summary: "The sessions of one sandbox",
    query: z.object(listQuery),
    responses: { 200: z.union([z.array(Session), pageOf(Session)]) },
  },
  "POST /sandboxes/{sandbox_id}/sessions": {
    tag,
    summary: "Start a session",
    body: z.object({
      agent: z.string().optional(),
      title: z.string().max(200).optional(),
      options: Options.optional(),
      metadata: Metadata.optional(),
      directory: z.string().optional(),
    }),
    bodyOptional: true,
    responses: { 201: Session },
    errors: ["sandbox_invalid_state", "agent_not_installed", "agent_failed"],
  },
  "GET /sessions/{session_id}": {
    tag,
    summary: "One session with its messages",
    query: z.object({ messages: Flag.optional().describe("0: leave the messages out") }),
    responses: { 200: Session.extend({ messages: z.array(Message).optional() }) },
  },
  "PATCH /sessions/{session_id}": {
    tag,
    summary: "Rename, annotate, end, reopen, archive or restore it",
    body: z.object({
      title: z.string().min(1).max(200).optional().describe(own),
      metadata: Metadata.optional().describe(own),
      state: z.enum(["active", "completed", "failed"]).optional(),
      archived: z.boolean().optional(),
    }),
    responses: { 200: Session },
    errors: ["session_invalid_state"],
  },
  "POST /sessions/{session_id}/options": {
    tag,
    summary: "Change the model, the mode or any option the agent offers",
    body: z.object({ id: z.string(), value: z.union([z.string(), z.boolean()]) }),
    responses: { 200: z.array(SessionOption) },
    errors: ["session_invalid_state", "option_invalid"],
  },
  "POST /sessions/{session_id}/messages": {
    tag,
    summary: "Send a prompt. Waits for the assistant's message; with `Prefer: respond-async` answers at once",
    body: MessageInput,
    responses: { 200: Message, 202: Message },
    errors: ["session_invalid_state", "agent_failed", "attachment_too_large"],
  },
  "POST /sessions/{session_id}/interrupt": {
    tag,
    summary: "Stop the running turn",
    responses: { 200: z.object({ status: z.literal("interrupted") }) },
    errors: ["session_invalid_state"],
  },
  "GET /sessions/{session_id}/queue": {
    tag,
    summary: "Prompts that wait for the running turn",
    responses: {
      200: z.object({
        messages: z.array(
          QueuedMessage.extend({
            session_id: z.string(),
            role: z.literal("user"),
            content: z.array(ContentBlock),
          }),
        ),
        processing: z.boolean(),
        queue_length: z.number().int(),
      }),
    },
  },
  "DELETE /sessions/{session_id}/queue/{message_id}": {
    tag,
    summary: "Take a prompt out of the queue; the answer carries it back for editing",
    responses: {
      200: z.object({
        status: z.enum(["cancelled", "not_found"]),
        queue_length: z.number().int(),
        content: z.array(ContentBlock).nullable(),
      }),
    },
  },
  "GET /sessions/{session_id}/events": {
    tag,
    summary: "The log itself",
    query: z.object({ after: Cursor.optional(), limit: Count(10_000).optional(), raw: Flag.optional() }),
    responses: { 200: z.object({ items: z.array(EnvelopeSchema), next_cursor: z.string().nullable() }) },
  },
  "GET /sessions/{session_id}/exchanges": {
    tag,
    summary: "What Sandbar sent upstream for this session, newest last; tokens are masked",
    responses: {
      200: z.array(
        z.object({
          at: z.string(),
          method: z.string(),
          url: z.string(),
          body: z.unknown(),
          status: z.number().nullable(),
          duration_ms: z.number(),
          error: z.string().nullable(),
        }),
      ),
    },
  },
  "GET /requests": {
    tag,
    summary: "Every permission and question of every session, oldest first",
    query: z.object({
      state: z.string().optional().describe("one or more states, comma separated; `pending` by default"),
      session: z.string().optional(),
      recent: Count(100).optional().describe("instead the so many that were resolved last, newest first"),
    }),
    responses: { 200: z.object({ items: z.array(PendingRequest) }) },
  },
  "GET /sessions/{session_id}/pending": {
    tag,
    summary: "What this session waits for",
    responses: { 200: z.object({ items: z.array(PendingRequest) }) },
  },
  "POST /sessions/{session_id}/permissions": {
    tag,
    summary: "Change what the agent asks for: the nearest mode that it offers",
    body: z.object({
      mode: z
        .string()
        .min(1)
        .describe("auto_approve, approve_edits, approve_all, plan_only, unrestricted, or its own word"),
      always_require_approval: z.array(z.string()).default([]),
      always_allow: z.array(z.string()).default([]),
    }),
    responses: { 200: z.object({ status: z.literal("ok"), mode: z.string() }) },
    errors: ["unsupported", "option_invalid"],
  },
  "POST /sessions/{session_id}/skills": {
    tag,
    summary: "Note which skills are meant to be active; they are kept in the metadata",
    body: z.object({ active_skills: z.array(z.string()) }),
    responses: { 200: z.object({ status: z.literal("ok"), active_skills: z.array(z.string()) }) },
  },
  "POST /sessions/{session_id}/permissions/{request_id}/respond": {
    tag,
    summary: "Answer a permission",
    body: z.union([
      z.object({ approved: z.boolean() }),
      z.object({
        reply: Reply,
        message: z.string().max(10_000).optional(),
        option_id: z.string().optional(),
      }),
    ]),
    responses: { 200: z.object({ status: z.literal("ok"), approved: z.boolean() }) },
    errors: ["already_resolved", "request_not_found"],
  },
  "POST /sessions/{session_id}/user-input/{request_id}/respond": {
    tag,
    summary: "Answer a question",
    body: z.union([z.object({ answers: z.array(z.array(z.string())) }), z.object({ answer: z.string() })]),
    responses: { 200: z.object({ status: z.literal("ok") }) },
    errors: ["already_resolved", "request_not_found"],
  },
  "POST /sessions/{session_id}/user-input/{request_id}/reject": {
    tag,
    summary: "Decline to answer a question",
    responses: { 200: z.object({ status: z.literal("ok") }) },
    errors: ["already_resolved", "request_not_found"],
  },
});
