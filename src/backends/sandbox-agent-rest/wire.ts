import * as z from "zod";

/**
 * What Sandbox Agent 0.1 sends (spec 2, 3). Objects are loose: unknown fields stay in what is kept as raw. Absent and
 * null mean the same everywhere.
 */

const text = z.string().nullish();

export const Part = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text: z.string() }),
  z.looseObject({ type: z.literal("json"), json: z.unknown().optional() }),
  z.looseObject({
    type: z.literal("tool_call"),
    name: z.string(),
    arguments: z.string(),
    call_id: z.string(),
  }),
  z.looseObject({ type: z.literal("tool_result"), call_id: z.string(), output: z.string() }),
  z.looseObject({ type: z.literal("file_ref"), path: z.string(), action: z.string(), diff: text }),
  z.looseObject({ type: z.literal("reasoning"), text: z.string(), visibility: z.string().default("public") }),
  z.looseObject({ type: z.literal("image"), path: z.string(), mime: text }),
  z.looseObject({ type: z.literal("status"), label: z.string(), detail: text }),
]);
export type Part = z.infer<typeof Part>;

export const Item = z.looseObject({
  item_id: z.string(),
  native_item_id: text,
  parent_id: text,
  kind: z.string(),
  role: text,
  content: z.array(z.unknown()).default([]),
  status: z.string().default("in_progress"),
});
export type Item = z.infer<typeof Item>;

export const PermissionData = z.looseObject({
  permission_id: z.string(),
  action: z.string(),
  status: z.string(),
  metadata: z.unknown().optional(),
});
export type PermissionData = z.infer<typeof PermissionData>;

export const QuestionData = z.looseObject({
  question_id: z.string(),
  prompt: z.string(),
  options: z.array(z.string()).default([]),
  response: text,
  status: z.string(),
});
export type QuestionData = z.infer<typeof QuestionData>;

export const Stderr = z.looseObject({
  head: text,
  tail: text,
  truncated: z.boolean().default(false),
  total_lines: z.number().nullish(),
});
export type Stderr = z.infer<typeof Stderr>;

export const SessionEnded = z.looseObject({
  reason: z.string(),
  terminated_by: text,
  message: text,
  exit_code: z.number().nullish(),
  stderr: Stderr.nullish(),
});
export type SessionEnded = z.infer<typeof SessionEnded>;

const TurnData = z.looseObject({ turn_id: text, metadata: z.unknown().optional() });
const event = <T extends string, D extends z.ZodType>(type: T, data: D) =>
  z.looseObject({ type: z.literal(type), data, raw: z.unknown().optional() });

/** An event of a type and shape that is known. */
export const KnownEvent = z.discriminatedUnion("type", [
  event("session.started", z.looseObject({ metadata: z.unknown().optional() })),
  event("session.ended", SessionEnded),
  event("turn.started", TurnData),
  event("turn.ended", TurnData),
  event("item.started", z.looseObject({ item: Item })),
  event("item.completed", z.looseObject({ item: Item })),
  event("item.delta", z.looseObject({ item_id: z.string(), native_item_id: text, delta: z.string() })),
  event("error", z.looseObject({ message: z.string(), code: text, details: z.unknown().optional() })),
  event("permission.requested", PermissionData),
  event("permission.resolved", PermissionData),
  event("question.requested", QuestionData),
  event("question.resolved", QuestionData),
  event("agent.unparsed", z.looseObject({ error: z.string(), location: text })),
]);
export type KnownEvent = z.infer<typeof KnownEvent>;

/** Any event: its place in the session is all that following it needs. */
export const UniversalEvent = z.looseObject({ sequence: z.number().int(), type: z.string() });
export type UniversalEvent = z.infer<typeof UniversalEvent>;

export const EventPage = z.looseObject({
  events: z.array(UniversalEvent),
  hasMore: z.boolean().default(false),
});

export const Health = z.looseObject({ status: z.string() });
export const Ignored = z.unknown();

export const Agents = z.looseObject({
  agents: z.array(
    z.looseObject({
      id: z.string(),
      installed: z.boolean(),
      /** Absent before 0.1.8. */
      credentialsAvailable: z.boolean().nullish(),
      version: text,
      serverStatus: z.looseObject({ status: z.string(), lastError: text }).nullish(),
    }),
  ),
});

export const Modes = z.looseObject({
  modes: z.array(z.looseObject({ id: z.string(), name: text, description: text })),
});
export const Models = z.looseObject({
  models: z.array(z.looseObject({ id: z.string(), name: text, variants: z.array(z.string()).nullish() })),
  defaultModel: text,
});

export const SessionInfo = z.looseObject({
  sessionId: z.string(),
  agent: z.string(),
  agentMode: text,
  permissionMode: text,
  model: text,
  variant: text,
  nativeSessionId: text,
  ended: z.boolean().default(false),
  /** Absent before 0.1.10, as `updatedAt` and `title`. */
  createdAt: z.number().nullish(),
  updatedAt: z.number().nullish(),
  directory: text,
  title: text,
});
export type SessionInfo = z.infer<typeof SessionInfo>;
export const Sessions = z.looseObject({ sessions: z.array(SessionInfo) });

export const FileWritten = z.looseObject({ path: z.string() });
