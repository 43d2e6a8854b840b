import * as z from "zod";

export const BackendKind = z.enum(["local", "sandbox_agent", "sandbox_agent_rest", "amika", "sessions_api"]);
export type BackendKind = z.infer<typeof BackendKind>;

export const BackendState = z.enum(["online", "degraded", "offline", "unauthorized", "paused"]);
export type BackendState = z.infer<typeof BackendState>;

/**
 * What a backend can do. A screen asks this and never the kind: a missing feature is absent or explained.
 * Booleans are whole features; lists name the words that are accepted.
 */
export const Capabilities = z.object({
  sandboxes: z.object({
    create: z.boolean(),
    start: z.boolean(),
    stop: z.boolean(),
    pause: z.boolean(),
    delete: z.boolean(),
    ssh: z.boolean(),
    logs: z.boolean(),
    stats: z.boolean(),
    exec: z.boolean(),
    files: z.boolean(),
    arrange_files: z.boolean().describe("folders can be made, and files and folders renamed and moved"),
    services: z.boolean(),
    lifecycle_events: z.boolean(),
  }),
  sources: z.array(z.enum(["empty", "git", "copy"])).describe("where a new sandbox's files may come from"),
  spec_fields: z.array(z.string()).describe("further fields of SandboxSpec that this backend honours"),
  agents: z.object({ list: z.boolean(), install: z.boolean() }),
  sessions: z.object({
    create: z.boolean(),
    discover: z.boolean().describe("finds sessions that other clients made"),
    resume: z.boolean(),
    end: z.boolean(),
    live_events: z.boolean().describe("text and tools arrive while the agent works"),
    options: z.boolean().describe("the agent's options can be changed while a session goes on"),
    queue: z.boolean(),
    interrupt: z.boolean(),
    permissions: z.boolean(),
    reject_message: z.boolean().describe("a rejection may carry a message"),
    always: z.boolean().describe("a permission may be allowed for good"),
    questions: z.boolean(),
    attachments: z.array(z.enum(["image", "file"])),
    max_attachment_bytes: z.number().int(),
    mcp: z.boolean(),
    skills: z.boolean(),
  }),
  secrets: z.object({ list: z.boolean(), create: z.boolean(), update: z.boolean(), delete: z.boolean() }),
  provider_secrets: z
    .array(z.string())
    .describe("providers whose credentials the backend keeps: `claude`, `codex`"),
  notes: z
    .record(z.string(), z.string())
    .describe("for a missing feature, why: `sandboxes.pause` → one sentence"),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** A connected system. Its token goes in and never comes out. */
export const Backend = z.object({
  id: z.string(),
  kind: BackendKind,
  name: z.string(),
  url: z.string().nullable(),
  state: BackendState,
  state_detail: z.string().nullable(),
  version: z.string().nullable(),
  latency_ms: z.number().nullable(),
  has_token: z.boolean(),
  capabilities: Capabilities,
  sandbox_count: z.number().int(),
  session_count: z.number().int(),
  last_error: z.object({ message: z.string(), at: z.string() }).nullable(),
  checked_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Backend = z.infer<typeof Backend>;
