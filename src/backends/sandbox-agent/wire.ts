import * as z from "zod";

/**
 * The messages of Sandbox Agent 0.2 and later that Sandbar reads: ACP protocol version 1 in JSON-RPC, and the HTTP
 * routes around it. Objects are loose, so unknown fields stay in what is kept as raw; a field that decides nothing is
 * never required.
 */

export const RpcId = z.union([z.string(), z.number()]);
export type RpcId = z.infer<typeof RpcId>;

export const RpcError = z.looseObject({
  code: z.number(),
  message: z.string().default("The agent gave no reason."),
  data: z.unknown().optional(),
});
export type RpcError = z.infer<typeof RpcError>;

/** Any frame of the stream: a request, a notification or a response, told apart by which fields it has. */
export const RpcMessage = z.looseObject({
  id: RpcId.nullish(),
  method: z.string().optional(),
  params: z.unknown().optional(),
  result: z.unknown().optional(),
  error: RpcError.nullish(),
});
export type RpcMessage = z.infer<typeof RpcMessage>;

/** What the proxy adds to an error in the POST's body only. */
export const StderrData = z.looseObject({ agentStderr: z.string() });

const text = z.string().nullish();

export const WireContent = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text: z.string() }),
  z.looseObject({ type: z.literal("image"), data: z.string(), mimeType: z.string() }),
  z.looseObject({ type: z.literal("audio"), data: z.string(), mimeType: z.string() }),
  z.looseObject({ type: z.literal("resource_link"), uri: z.string(), name: text, mimeType: text }),
  z.looseObject({
    type: z.literal("resource"),
    resource: z.looseObject({ uri: z.string(), mimeType: text, text, blob: text }),
  }),
]);
export type WireContent = z.infer<typeof WireContent>;

export const WireToolContent = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("content"), content: WireContent }),
  z.looseObject({ type: z.literal("diff"), path: z.string(), oldText: text, newText: z.string() }),
  z.looseObject({ type: z.literal("terminal"), terminalId: z.string() }),
]);

/** A tool call or an update of one: every field but the id may be absent, and absent means unchanged. */
export const WireToolCall = z.looseObject({
  toolCallId: z.string(),
  title: text,
  kind: text,
  status: text,
  rawInput: z.unknown().optional(),
  rawOutput: z.unknown().optional(),
  content: z.array(z.unknown()).nullish(),
  locations: z.array(z.looseObject({ path: z.string(), line: z.number().nullish() })).nullish(),
  parentToolCallId: text,
  _meta: z.unknown().optional(),
});
export type WireToolCall = z.infer<typeof WireToolCall>;

const Choice = z.looseObject({ value: z.string(), name: z.string(), description: text });
const ChoiceGroup = z.looseObject({ group: z.string(), name: z.string(), options: z.array(Choice) });

export const WireConfigOption = z.looseObject({
  id: z.string(),
  name: z.string(),
  category: text,
  description: text,
  type: z.string().default("select"),
  currentValue: z.union([z.string(), z.boolean()]),
  options: z.union([z.array(Choice), z.array(ChoiceGroup)]).nullish(),
});
export type WireConfigOption = z.infer<typeof WireConfigOption>;

const Mode = z.looseObject({ id: z.string(), name: z.string(), description: text });
const Model = z.looseObject({ modelId: z.string(), name: z.string(), description: text });

/** What `session/new`, `session/load` and `session/resume` return of the session's choices. */
export const WireSession = z.looseObject({
  sessionId: text,
  configOptions: z.array(WireConfigOption).nullish(),
  modes: z.looseObject({ currentModeId: z.string(), availableModes: z.array(Mode) }).nullish(),
  models: z.looseObject({ currentModelId: z.string(), availableModels: z.array(Model) }).nullish(),
});
export type WireSession = z.infer<typeof WireSession>;

export const WireCommand = z.looseObject({
  name: z.string(),
  description: text,
  input: z.looseObject({ hint: text }).nullish(),
});

export const WirePlanEntry = z.looseObject({ content: z.string(), priority: text, status: text });
export type WirePlanEntry = z.infer<typeof WirePlanEntry>;

const chunk = { content: WireContent, messageId: text };

export const SessionUpdate = z.discriminatedUnion("sessionUpdate", [
  z.looseObject({ sessionUpdate: z.literal("user_message_chunk"), ...chunk }),
  z.looseObject({ sessionUpdate: z.literal("agent_message_chunk"), ...chunk }),
  z.looseObject({ sessionUpdate: z.literal("agent_thought_chunk"), ...chunk }),
  WireToolCall.extend({ sessionUpdate: z.literal("tool_call") }),
  WireToolCall.extend({ sessionUpdate: z.literal("tool_call_update") }),
  z.looseObject({ sessionUpdate: z.literal("plan"), entries: z.array(WirePlanEntry) }),
  z.looseObject({
    sessionUpdate: z.literal("available_commands_update"),
    availableCommands: z.array(WireCommand),
  }),
  z.looseObject({ sessionUpdate: z.literal("current_mode_update"), currentModeId: z.string() }),
  z.looseObject({
    sessionUpdate: z.literal("config_option_update"),
    configOptions: z.array(WireConfigOption),
  }),
  z.looseObject({ sessionUpdate: z.literal("session_info_update"), title: text }),
  z.looseObject({
    sessionUpdate: z.literal("usage_update"),
    used: z.number().nullish(),
    size: z.number().nullish(),
    cost: z.looseObject({ amount: z.number(), currency: z.string() }).nullish(),
  }),
]);
export type SessionUpdate = z.infer<typeof SessionUpdate>;

export const SessionUpdateParams = z.looseObject({
  sessionId: z.string(),
  update: z.looseObject({ sessionUpdate: z.string() }),
});

export const AgentExited = z.looseObject({ success: z.boolean().nullish(), code: z.number().nullish() });
export const InvalidStdout = z.looseObject({ error: z.string(), raw: z.unknown() });

export const PermissionParams = z.looseObject({
  sessionId: text,
  toolCall: WireToolCall,
  options: z.array(z.looseObject({ optionId: z.string(), name: z.string(), kind: text })),
});
export type PermissionParams = z.infer<typeof PermissionParams>;

const TitledValue = z.looseObject({ const: z.string(), title: text, description: text });

export const FormProperty = z.looseObject({
  type: z.string(),
  title: text,
  description: text,
  enum: z.array(z.string()).nullish(),
  oneOf: z.array(TitledValue).nullish(),
  items: z
    .looseObject({
      enum: z.array(z.string()).nullish(),
      anyOf: z.array(TitledValue).nullish(),
      oneOf: z.array(TitledValue).nullish(),
    })
    .nullish(),
});
export type FormProperty = z.infer<typeof FormProperty>;

export const ElicitationParams = z.looseObject({
  sessionId: text,
  toolCallId: text,
  mode: z.literal("form"),
  message: z.string().default(""),
  requestedSchema: z.looseObject({
    properties: z.record(z.string(), FormProperty).default({}),
    required: z.array(z.string()).nullish(),
  }),
});
export type ElicitationParams = z.infer<typeof ElicitationParams>;

const present = z.looseObject({}).nullish();

export const InitializeResult = z.looseObject({
  protocolVersion: z.number().optional(),
  agentCapabilities: z
    .looseObject({
      loadSession: z.boolean().nullish(),
      promptCapabilities: z
        .looseObject({ image: z.boolean().nullish(), embeddedContext: z.boolean().nullish() })
        .nullish(),
      sessionCapabilities: z.looseObject({ list: present, resume: present, close: present }).nullish(),
    })
    .nullish(),
  authMethods: z.array(z.looseObject({ id: z.string(), name: z.string() })).nullish(),
});
export type InitializeResult = z.infer<typeof InitializeResult>;

export const PromptResult = z.looseObject({
  stopReason: z.string(),
  usage: z
    .looseObject({
      inputTokens: z.number().nullish(),
      outputTokens: z.number().nullish(),
      cachedReadTokens: z.number().nullish(),
    })
    .nullish(),
});
export type PromptResult = z.infer<typeof PromptResult>;

export const ConfigResult = z.looseObject({ configOptions: z.array(WireConfigOption).nullish() });
export const Ignored = z.unknown();

export const SessionList = z.looseObject({
  sessions: z.array(z.looseObject({ sessionId: z.string(), cwd: text, title: text, updatedAt: text })),
});

// HTTP routes outside ACP

export const Health = z.looseObject({ status: z.string() });
export const VersionInfo = z.looseObject({ version: z.string() });
export const Instances = z.looseObject({
  servers: z.array(
    z.looseObject({ serverId: z.string(), agent: z.string(), createdAtMs: z.number().nullish() }),
  ),
});
export const Agents = z.looseObject({
  agents: z.array(
    z.looseObject({
      id: z.string(),
      installed: z.boolean(),
      credentialsAvailable: z.boolean().default(false),
      version: text,
      configError: text,
    }),
  ),
});
export const RunResult = z.looseObject({
  exitCode: z.number().nullish(),
  timedOut: z.boolean().default(false),
  stdout: z.string(),
  stderr: z.string(),
  durationMs: z.number().default(0),
});
