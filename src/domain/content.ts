import * as z from "zod";

/** One block of a message, as the Sessions API writes it (its spec, section 3), plus file references. */
export const ContentBlock = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("image"), media_type: z.string(), data: z.string().describe("base64") }),
  z.object({
    type: z.literal("file"),
    name: z.string(),
    media_type: z.string().optional(),
    path: z.string().optional().describe("where the file is in the sandbox"),
    data: z.string().optional().describe("base64, when the file travels with the message"),
  }),
  z.object({
    type: z.literal("tool_use"),
    id: z.string(),
    name: z.string(),
    input: z.unknown(),
    agent_name: z.string().optional(),
  }),
  z.object({
    type: z.literal("tool_result"),
    tool_use_id: z.string(),
    content: z.string(),
    is_error: z.boolean().default(false),
  }),
]);
export type ContentBlock = z.infer<typeof ContentBlock>;

export const MessageRole = z.enum(["user", "assistant", "system", "tool"]);

/** A message of a session: `GET /sessions/{sid}` lists them, oldest first. */
export const Message = z.object({
  id: z.string(),
  session_id: z.string(),
  role: MessageRole,
  content: z.array(ContentBlock),
  timestamp: z.string(),
});
export type Message = z.infer<typeof Message>;
