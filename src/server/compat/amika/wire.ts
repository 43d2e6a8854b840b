import * as z from "zod";

/** Bodies that clients of this API send (spec 1). Unknown fields are allowed and ignored. */

const text = z.string().min(1);
const Kind = z.string().min(1);

/** What to do about one provider's credential in a new sandbox; exactly one kind of choice (spec 1.1). */
export const AgentCredential = z.object({
  kind: Kind,
  name: text.optional(),
  type: z.enum(["oauth", "api_key"]).optional(),
  none: z.literal(true).optional(),
});
export type AgentCredential = z.infer<typeof AgentCredential>;

const onePerKind = (items: AgentCredential[]): boolean =>
  new Set(items.map(({ kind }) => kind)).size === items.length;

export const CreateSandbox = z.object({
  name: text.optional(),
  repo_url: text.optional(),
  git_url: text.optional(),
  github_url: text.optional(),
  branch: text.optional(),
  new_branch_name: text.optional(),
  provider: z.string().optional(),
  preset: z.string().optional(),
  size: z.string().optional(),
  snapshot: z.string().nullable().optional(),
  auto_stop_interval: z.number().min(0).max(10_080).optional(),
  auto_delete_interval: z.number().min(-1).max(10_080).optional(),
  env_vars: z.record(z.string(), z.string()).default({}),
  secret_env_vars: z.record(z.string(), z.string()).default({}),
  disabled_repo_env_var_names: z.array(z.string()).optional(),
  setup_script_text: z.string().optional(),
  skip_setup_script: z.boolean().default(false),
  agent_credentials: z
    .array(AgentCredential)
    .refine(onePerKind, "at most one credential for each kind")
    .default([]),
  initial_prompt: text.optional(),
  agent: z.string().optional(),
  workflow: z.object({ enabled: z.boolean() }).optional(),
  integration_ids: z.array(z.string()).optional(),
  github_auth_mode: z.string().optional(),
  amika_opencode_web: z.union([z.string(), z.number()]).nullable().optional(),
});
export type CreateSandbox = z.infer<typeof CreateSandbox>;

export const RevokeSsh = z.object({ token: text });

export const AgentSend = z.object({
  message: text,
  new_session: z.boolean().default(false),
  session_id: text.optional(),
  agent: text.optional(),
});
export type AgentSend = z.infer<typeof AgentSend>;

export const ChatSend = AgentSend.extend({
  sandbox_id: text.optional(),
  repo_url: text.optional(),
  model: text.nullable().optional(),
  effort: text.nullable().optional(),
});
export type ChatSend = z.infer<typeof ChatSend>;

export const CreateSession = z.object({
  agent_name: text,
  metadata: z.record(z.string(), z.unknown()).default({}),
});

export const UpdateSession = z.object({
  status: z.enum(["active", "completed", "failed"]).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

const whole = (text: string): number => Number(text);
const Count = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, "a whole number above 0")
  .transform(whole);
export const ListSessions = z.object({
  status: z.string().optional(),
  limit: Count.optional(),
  offset: z
    .string()
    .regex(/^\d{1,9}$/, "a whole number")
    .transform(whole)
    .optional(),
});
export const ListChats = z.object({ limit: Count.default(50), sandbox: text.optional() });

const Scope = z.enum(["user", "org"]);
export const CreateSecret = z.object({
  name: text,
  value: text,
  scope: Scope.optional(),
  description: z.string().nullable().optional(),
});
export const UpdateSecret = z.object({
  name: text.optional(),
  value: text.optional(),
  scope: Scope.optional(),
  description: z.string().nullable().optional(),
});
export const CreateCredential = z.object({
  name: text,
  value: text,
  type: z.enum(["oauth", "api_key"]),
  scope: Scope.optional(),
});

export const CreateApiKey = z.object({ name: text });
