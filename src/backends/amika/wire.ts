import * as z from "zod";

/**
 * What Amika's `/api/v0beta1` sends (spec 1). Objects are loose: unknown fields are kept. Absent and null mean the same
 * everywhere, and every word of a state is an open string.
 */

const text = z.string().nullish();
const count = z.number().nullish();

export const WireSandbox = z.looseObject({
  id: z.string(),
  name: z.string(),
  state: text,
  status: text,
  setup_status: text,
  error_message: text,
  repo_url: text,
  branch: text,
  created_at: text,
  agent_cwd: text,
  services: z.array(z.looseObject({})).nullish(),
  resolved_agent_credentials: z.array(z.unknown()).nullish(),
});
export type WireSandbox = z.infer<typeof WireSandbox>;
export const WireSandboxes = z.array(WireSandbox);

/** Which stored key a new sandbox's agent got, or why none. */
export const ResolvedCredential = z.looseObject({
  kind: z.string(),
  outcome: z.string(),
  name: text,
  type: text,
  source: text,
  reason: text,
});

export const LifecycleEvent = z.looseObject({
  id: z.union([z.string(), z.number()]),
  run_kind: text,
  step: text,
  status: text,
  detail: text,
  created_at: text,
});
export type LifecycleEvent = z.infer<typeof LifecycleEvent>;
export const LifecycleEvents = z.looseObject({ events: z.array(LifecycleEvent) });

export const ServiceItems = z.looseObject({ items: z.array(z.looseObject({})) });

export const WireMessage = z.looseObject({
  role: z.string(),
  content: z.unknown(),
  timestamp: text,
  is_error: z.boolean().nullish(),
});
export type WireMessage = z.infer<typeof WireMessage>;

export const WireSession = z.looseObject({
  id: z.string(),
  agent_name: z.string(),
  status: z.string(),
  metadata: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((metadata) => metadata ?? {}),
  preview: text,
  created_at: text,
  updated_at: text,
});
export type WireSession = z.infer<typeof WireSession>;
export const WireSessions = z.looseObject({ sessions: z.array(WireSession), total: z.number() });

/** An org-wide chat with its transcript (spec 1.5). */
export const Chat = z.looseObject({ messages: z.array(WireMessage) });

/** How a turn ended: the answer of `agent-send`, and of the stream's `done`. */
export const Answer = z.looseObject({
  response: z.string(),
  is_error: z.boolean().default(false),
  session_id: text,
  cost_usd: count,
  usage: z
    .looseObject({
      cost_usd: count,
      input_tokens: count,
      output_tokens: count,
      cache_read_tokens: count,
      cache_creation_tokens: count,
      duration_ms: count,
      num_turns: count,
    })
    .nullish(),
});
export type Answer = z.infer<typeof Answer>;

export const StreamDelta = z.looseObject({ text: z.string() });
export const StreamError = z.looseObject({ error: z.string() });
export const StreamStatus = z.looseObject({ phase: z.string() });

export const WireSsh = z.looseObject({
  ssh_destination: z.string(),
  token: z.string(),
  expires_at: z.string(),
  repo_name: text,
  /** Sandbar's. */
  host_public_key: text,
});
export type WireSsh = z.infer<typeof WireSsh>;

export const WireSecret = z.looseObject({
  id: z.string(),
  name: z.string(),
  description: text,
  scope: z.string().default("user"),
  created_at: text,
  updated_at: text,
});
export type WireSecret = z.infer<typeof WireSecret>;
export const WireSecrets = z.array(WireSecret);

export const WireCredential = z.looseObject({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  scope: z.string().default("user"),
});
export const WireCredentials = z.array(WireCredential);

/** Answers that say no more than that it was done. */
export const Ignored = z.unknown();

/** The errors' envelope (spec 2), and the older one of `agent-send` whose `details` is JSON text. */
export const ErrorBody = z.looseObject({
  error_code: text,
  code: text,
  message: text,
  error: z.unknown().optional(),
  details: z.unknown().optional(),
});
/** What that JSON text holds. */
export const LegacyResult = z.looseObject({ is_error: z.literal(true), result: z.string() });
