import * as z from "zod";

/** Bodies and queries of this API (spec 2, 5). Null and absent mean the same; unknown fields are ignored. */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? null);

const LocalMcp = z.looseObject({
  type: z.enum(["local", "stdio"]),
  command: z.union([z.string(), z.array(z.string())]),
});
const RemoteMcp = z.looseObject({ type: z.enum(["remote", "http"]), url: z.string().min(1) });
const Skills = z.looseObject({
  sources: z.array(z.looseObject({ type: z.string(), source: z.string() })),
});

export const CreateSession = z.object({
  agent: z.string(),
  agentMode: text,
  permissionMode: text,
  model: text,
  variant: text,
  agentVersion: text,
  directory: text,
  title: text,
  mcp: z.record(z.string(), z.union([LocalMcp, RemoteMcp])).nullish(),
  skills: Skills.nullish(),
  /** Beyond the original: the sandbox, by id or name. */
  sandbox: text,
});
export type CreateSession = z.infer<typeof CreateSession>;

export const SendMessage = z.object({
  message: z.string(),
  attachments: z
    .array(z.object({ path: z.string().min(1), mime: text, filename: text }))
    .nullish()
    .transform((attachments) => attachments ?? []),
});
export type SendMessage = z.infer<typeof SendMessage>;

export const Install = z.object({ reinstall: z.boolean().nullish() });
export const PermissionReply = z.object({ reply: z.enum(["once", "always", "reject"]) });
export const QuestionReply = z.object({ answers: z.array(z.array(z.string())) });

const whole = z
  .string()
  .regex(/^\d{1,15}$/, "a whole number")
  .transform(Number);
const flag = z.enum(["true", "false"]).transform((value) => value === "true");

export const EventsQuery = z.object({
  offset: whole.optional(),
  limit: whole.optional(),
  includeRaw: flag.optional(),
  include_raw: flag.optional(),
});

export const FileQuery = z.object({
  path: z.string().optional(),
  sessionId: z.string().optional(),
  session_id: z.string().optional(),
  recursive: flag.optional(),
});
export type FileQuery = z.infer<typeof FileQuery>;

export const Move = z.object({ from: z.string(), to: z.string(), overwrite: z.boolean().nullish() });
