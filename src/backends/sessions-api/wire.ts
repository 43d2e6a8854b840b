import * as z from "zod";
import { AgentCommand, SessionOption } from "#src/domain/agent.ts";

/**
 * What a Sessions API sends (spec 2 to 5), in the shapes of its documents, of its source, and of Sandbar, which is a
 * superset. Objects are loose, and a field that decides nothing is never required.
 */

const text = z.string().nullish();
const unknown = z.unknown().optional();

export const Ignored = z.unknown();
export const Me = z.looseObject({ version: z.string(), data_dir: z.string() });

export const SandboxInfo = z.looseObject({
  id: z.string(),
  name: text,
  state: z.string(),
  state_detail: text,
  persistence: z.enum(["ephemeral", "persistent"]).nullish().catch(null),
  agent_provider: text,
  endpoint_url: text,
  labels: z.record(z.string(), z.string()).nullish().catch(null),
  created_at: text,
  /** Sandbar's. */
  directory: text,
  repository: text,
  branch: text,
});
export type SandboxInfo = z.infer<typeof SandboxInfo>;
export const SandboxList = z.array(SandboxInfo);

/** The source answers with `sandbox_id`, the documents with `id`. */
export const SandboxCreated = z
  .looseObject({ id: z.string().optional(), sandbox_id: z.string().optional() })
  .transform(({ id, sandbox_id }) => sandbox_id ?? id ?? "");

/** Sandbar's. */
export const SshAnswer = z.object({
  destination: z.string(),
  token: z.string(),
  expires_at: z.string(),
  directory: z.string().nullable(),
  host_key: z.string().nullable(),
});

export const SessionInfo = z.looseObject({
  id: z.string(),
  sandbox_id: text,
  state: z.string(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  created_at: text,
  updated_at: text,
  /** Sandbar's. */
  agent: text,
  title: text,
  options: z.array(SessionOption).nullish(),
  commands: z.array(AgentCommand).nullish(),
});
export type SessionInfo = z.infer<typeof SessionInfo>;
export const SessionList = z.array(SessionInfo);

/** Blocks are read one by one: one that is not known does not hide the others. */
export const WireMessage = z.looseObject({
  id: z.string(),
  role: z.string(),
  content: z.array(z.unknown()).default([]),
  timestamp: text,
});
export type WireMessage = z.infer<typeof WireMessage>;
export const SessionWithMessages = SessionInfo.extend({ messages: z.array(WireMessage).nullish() });

export const Envelope = z.looseObject({
  id: z.string(),
  session_id: text,
  event_type: z.string(),
  data: unknown,
  timestamp: text,
});
export type Envelope = z.infer<typeof Envelope>;

export const EventLog = z.looseObject({ items: z.array(Envelope), next_cursor: text });

export const Logs = z.looseObject({ logs: z.array(z.string()) });
export const Stats = z.record(z.string(), z.unknown());
export const ExecAnswer = z.looseObject({
  exit_code: z.number(),
  stdout: z.string().default(""),
  stderr: z.string().default(""),
  duration_ms: z.number().default(0),
});
export const Files = z.array(
  z.looseObject({
    path: z.string(),
    size: z.number().default(0),
    is_dir: z.boolean().default(false),
    modified_at: text,
  }),
);

/** Names only, in the source; whole agents, in Sandbar. */
export const AgentNames = z.array(z.union([z.string(), z.looseObject({ name: z.string() })]));

export const CredentialInfo = z.looseObject({
  id: z.string(),
  name: z.string(),
  credential_type: text,
  labels: z.record(z.string(), z.string()).nullish(),
  created_at: text,
});
export type CredentialInfo = z.infer<typeof CredentialInfo>;

/** What only one of the sources sends for an event of a known name (spec 4). */
export const source = {
  text_complete: z.looseObject({
    text: z.string(),
    block_id: z.string().optional(),
    stop_reason: text,
    cost_usd: z.number().nullish(),
    usage: z
      .looseObject({
        input_tokens: z.number().nullish(),
        output_tokens: z.number().nullish(),
        cache_read_input_tokens: z.number().nullish(),
      })
      .nullish()
      .catch(null),
  }),
  tool_input_delta: z.looseObject({ partial_json: z.string() }),
  tool_progress: z.looseObject({ hook: z.string(), tool_name: z.string() }),
  subagent_start: z.looseObject({ id: z.string(), name: z.string().default("agent"), input: unknown }),
  subagent_end: z.looseObject({ id: z.string() }),
  permission_request: z.looseObject({
    request_id: z.string(),
    tool_name: z.string(),
    tool_input: unknown,
    risk_level: z.enum(["low", "medium", "high"]).nullish().catch(null),
  }),
  permission_response: z.looseObject({
    request_id: z.string(),
    tool_name: z.string().default("tool"),
    approved: z.boolean(),
  }),
  user_input_request: z.looseObject({
    request_id: z.string(),
    tool_use_id: text,
    questions: z.array(
      z.looseObject({
        question: z.string(),
        header: text,
        multiSelect: z.boolean().nullish(),
        options: z.array(z.looseObject({ label: z.string(), description: text })).nullish(),
      }),
    ),
  }),
  queue_updated: z.looseObject({
    queue: z.array(z.looseObject({ id: z.string(), prompt_text: z.string() })).default([]),
    queue_length: z.number().nullish(),
  }),
  session_completed: z.looseObject({
    stop_reason: text,
    cost_usd: z.number().nullish(),
    duration_ms: z.number().nullish(),
  }),
  session_failed: z.looseObject({ error: z.string() }),
  result_error: z.looseObject({
    error_type: text,
    message: text,
    duration_ms: z.number().nullish(),
  }),
  provisioning_step: z.looseObject({ step: z.string(), status: text, detail: text }),
  provisioning_failed: z.looseObject({ error: z.string() }),
} as const;
