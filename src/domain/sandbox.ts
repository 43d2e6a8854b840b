import * as z from "zod";

export const SandboxState = z.enum([
  "pending",
  "creating",
  "running",
  "pausing",
  "paused",
  "stopping",
  "stopped",
  "terminated",
  "failed",
]);
export type SandboxState = z.infer<typeof SandboxState>;

const EnvName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "an environment variable name has letters, digits and _ only");

/** Lower-case letters, digits and hyphens: safe as a folder, a host name and a path segment on every backend. */
export const SandboxName = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
    "a name has 1 to 40 lower-case letters, digits and hyphens, and neither starts nor ends with a hyphen",
  );

/** What a new sandbox should be. The Sessions API's SandboxSpec (its spec, section 2) and Amika's create fields. */
export const SandboxSpec = z.object({
  name: SandboxName.optional().describe("chosen by the server when absent"),
  backend_id: z.string().optional().describe("default: the local backend"),
  agent_provider: z.string().default("mock"),
  persistence: z.enum(["ephemeral", "persistent"]).default("persistent"),
  image: z.string().optional(),
  source: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("empty") }),
      z.object({
        type: z.literal("git"),
        url: z.string().min(1),
        branch: z.string().optional(),
        new_branch: z.string().optional(),
      }),
      z.object({
        type: z.literal("copy"),
        path: z.string().min(1).describe("an absolute folder on the server's machine"),
      }),
    ])
    .optional(),
  git_repos: z.array(z.looseObject({ url: z.string(), branch: z.string().optional() })).optional(),
  env_vars: z.record(EnvName, z.string()).default({}),
  secret_env_vars: z.record(EnvName, z.string()).default({}).describe("variable → name of a stored secret"),
  credentials: z.array(z.string()).optional(),
  setup_script: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  auto_stop_minutes: z
    .number()
    .int()
    .min(0)
    .max(10080)
    .default(0)
    .describe("idle minutes before a stop; 0 is never"),
  preset: z.string().optional(),
  size: z.string().optional(),
  snapshot: z.string().nullable().optional(),
  extra: z.record(z.string(), z.unknown()).optional().describe("fields that only this kind of backend knows"),
});
export type SandboxSpec = z.infer<typeof SandboxSpec>;

/** The same without values: what is stored and shown of how a sandbox was made. */
export const SandboxSpecView = z.looseObject({
  source: z.looseObject({ type: z.string() }).optional(),
  env_names: z.array(z.string()).default([]),
  secret_env_vars: z.record(z.string(), z.string()).default({}),
  setup_script: z.string().optional(),
  auto_stop_minutes: z.number().default(0),
});
export type SandboxSpecView = z.infer<typeof SandboxSpecView>;

export const ProvisioningStep = z.object({
  step: z.string(),
  status: z.enum(["started", "done", "failed", "skipped"]),
  detail: z.string().nullable().default(null),
  at: z.string(),
});
export type ProvisioningStep = z.infer<typeof ProvisioningStep>;

/** A machine or folder where agents run: the Sessions API's SandboxInfo plus what a list of many backends needs. */
export const Sandbox = z.object({
  id: z.string(),
  name: z.string(),
  state: SandboxState,
  state_detail: z.string().nullable().describe("the upstream's own word or the reason of a failure"),
  persistence: z.enum(["ephemeral", "persistent"]),
  agent_provider: z.string(),
  endpoint_url: z.string().nullable(),
  resource_stats: z.record(z.string(), z.unknown()).nullable(),
  labels: z.record(z.string(), z.string()),
  created_at: z.string(),
  updated_at: z.string(),
  spec: SandboxSpecView,
  backend_id: z.string(),
  upstream_id: z.string().nullable(),
  directory: z.string().nullable(),
  repository: z.string().nullable(),
  branch: z.string().nullable(),
  provisioning: z.array(ProvisioningStep),
  session_count: z.number().int(),
  running_turns: z.number().int(),
  pending_permissions: z.number().int(),
  pending_questions: z.number().int(),
  last_activity_at: z.string(),
  extra: z.record(z.string(), z.unknown()).describe("what only this kind of backend says of it"),
});
export type Sandbox = z.infer<typeof Sandbox>;
