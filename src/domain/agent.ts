import * as z from "zod";

/** An agent that a sandbox can run, with its true state there. */
export const Agent = z.object({
  id: z.string(),
  name: z.string(),
  installed: z.boolean(),
  credentials_available: z.boolean(),
  installable: z.boolean().describe("whether an install call may succeed"),
  version: z.string().nullable().default(null),
  detail: z.string().nullable().default(null).describe("why it cannot run, or what it is, in one sentence"),
});
export type Agent = z.infer<typeof Agent>;

/** A choice the agent offers: model, mode, thought level, or anything else (ACP session config options). */
export const SessionOption = z.object({
  id: z.string(),
  name: z.string(),
  category: z
    .string()
    .nullable()
    .default(null)
    .describe("`model`, `mode`, `thought_level` or the agent's own word"),
  description: z.string().nullable().default(null),
  value: z.union([z.string(), z.boolean()]),
  type: z.enum(["select", "boolean", "text"]).default("select"),
  choices: z.array(
    z.object({
      value: z.string(),
      name: z.string(),
      description: z.string().nullable().default(null),
      group: z.string().nullable().default(null),
    }),
  ),
});
export type SessionOption = z.infer<typeof SessionOption>;

/** A slash command the agent offers. */
export const AgentCommand = z.object({
  name: z.string(),
  description: z.string().default(""),
  hint: z.string().nullable().default(null),
});
export type AgentCommand = z.infer<typeof AgentCommand>;
