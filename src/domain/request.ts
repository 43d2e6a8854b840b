import * as z from "zod";

export const RequestState = z.enum(["pending", "answered", "rejected", "expired", "auto_resolved"]);
export type RequestState = z.infer<typeof RequestState>;

export const PermissionOptionKind = z.enum(["allow_once", "allow_always", "reject_once", "reject_always"]);
export type PermissionOptionKind = z.infer<typeof PermissionOptionKind>;

export const PermissionOption = z.object({ id: z.string(), kind: PermissionOptionKind, name: z.string() });
export type PermissionOption = z.infer<typeof PermissionOption>;

export const Reply = z.enum(["once", "always", "reject"]);
export type Reply = z.infer<typeof Reply>;

/** A change of a file, or of a part of it: the text before and after. `old_text` is null where the new text is all of the file. */
export const Diff = z.object({
  path: z.string(),
  old_text: z.string().nullable(),
  new_text: z.string(),
  start_line: z
    .number()
    .int()
    .positive()
    .optional()
    .describe("the line of the file where the texts begin, from 1; absent when that is not known"),
});
export type Diff = z.infer<typeof Diff>;

/** Who answered: the sign-in or token name and the client it came from. */
export const Actor = z.object({ name: z.string(), client: z.string().nullable().default(null) });
export type Actor = z.infer<typeof Actor>;

export const Question = z.object({
  id: z.string(),
  header: z.string().nullable().default(null),
  question: z.string(),
  kind: z.enum(["single", "multiple", "text", "number", "boolean"]),
  options: z.array(
    z.object({ value: z.string(), label: z.string(), description: z.string().nullable().default(null) }),
  ),
  allow_other: z.boolean().default(false).describe("free text is accepted beside the options"),
  required: z.boolean().default(true),
});
export type Question = z.infer<typeof Question>;

const requestBase = {
  id: z.string().describe("the events' `request_id`"),
  session_id: z.string(),
  sandbox_id: z.string(),
  backend_id: z.string(),
  agent: z.string(),
  turn_id: z.string().nullable(),
  state: RequestState,
  created_at: z.string(),
  expires_at: z.string().nullable(),
  resolved_at: z.string().nullable(),
  resolved_by: Actor.nullable(),
};

/** What an agent waits for before it does something. */
export const Permission = z.object({
  kind: z.literal("permission"),
  ...requestBase,
  tool_use_id: z.string().nullable(),
  tool_name: z.string(),
  title: z.string(),
  tool_input: z.unknown(),
  risk_level: z.enum(["low", "medium", "high"]).nullable(),
  directory: z.string().nullable(),
  diffs: z.array(Diff),
  options: z.array(PermissionOption),
  message_supported: z.boolean(),
  reply: Reply.nullable(),
  option_name: z.string().nullable(),
  message: z.string().nullable(),
});
export type Permission = z.infer<typeof Permission>;

/** What an agent asks a person. */
export const UserInput = z.object({
  kind: z.literal("question"),
  ...requestBase,
  tool_use_id: z.string().nullable(),
  title: z.string(),
  questions: z.array(Question),
  answers: z.array(z.array(z.string())).nullable(),
});
export type UserInput = z.infer<typeof UserInput>;

export const PendingRequest = z.discriminatedUnion("kind", [Permission, UserInput]);
export type PendingRequest = z.infer<typeof PendingRequest>;
