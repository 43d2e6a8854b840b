/** What is fixed about the agents of this API (spec 2, 5). */

const FLAGS = [
  "planMode",
  "permissions",
  "questions",
  "toolCalls",
  "toolResults",
  "textMessages",
  "images",
  "fileAttachments",
  "sessionLifecycle",
  "errorEvents",
  "reasoning",
  "status",
  "commandExecution",
  "fileChanges",
  "mcpTools",
  "streamingDeltas",
  "itemStarted",
  "sharedProcess",
] as const;
type Flag = (typeof FLAGS)[number];
type Mode = { id: string; name: string; description: string };

type KnownAgent = {
  /** What it cannot do; everything else it can, as Sandbar tells its sessions. */
  lacks: readonly Flag[];
  modes: readonly string[];
  permission_modes: readonly string[];
  models: readonly { id: string; name?: string }[];
  default_model?: string;
  /** A mode or permission mode → the agent's own word for its `mode` option. */
  own_modes: Readonly<Record<string, string>>;
};

const ALWAYS_LACKING: readonly Flag[] = ["sharedProcess"];

const KNOWN: Readonly<Record<string, KnownAgent>> = {
  claude: {
    lacks: [],
    modes: ["build", "plan"],
    permission_modes: ["default", "plan", "bypass", "acceptEdits"],
    models: [{ id: "default" }, { id: "sonnet" }, { id: "opus" }, { id: "haiku" }],
    default_model: "default",
    own_modes: { plan: "plan", bypass: "bypassPermissions", acceptEdits: "acceptEdits" },
  },
  codex: {
    lacks: ["questions"],
    modes: ["build", "plan"],
    permission_modes: ["default", "plan", "bypass", "acceptEdits"],
    models: [],
    own_modes: { plan: "read-only", bypass: "full-access", acceptEdits: "auto" },
  },
  opencode: {
    lacks: [],
    modes: ["build", "plan", "custom"],
    permission_modes: ["default"],
    models: [],
    own_modes: { plan: "plan" },
  },
  amp: {
    lacks: ["planMode", "questions"],
    modes: ["build"],
    permission_modes: ["default", "bypass"],
    models: [{ id: "amp-default" }],
    default_model: "amp-default",
    own_modes: {},
  },
  mock: {
    lacks: [],
    modes: ["build", "plan"],
    permission_modes: ["default", "plan", "bypass"],
    models: [{ id: "mock", name: "Mock" }],
    default_model: "mock",
    own_modes: { plan: "plan" },
  },
};

const OTHER: KnownAgent = {
  lacks: ["questions"],
  modes: ["build"],
  permission_modes: ["default"],
  models: [],
  own_modes: {},
};

/** The order of the original's list; agents it did not have come after them. */
export const AGENT_ORDER: readonly string[] = Object.keys(KNOWN);

export function aboutAgent(agent: string): KnownAgent {
  return KNOWN[agent] ?? OTHER;
}

/** All 18 flags. They say what Sandbar tells of such a session, which is more than the original told of some. */
export function capabilitiesOf(agent: string): Record<Flag, boolean> {
  const lacking = new Set<Flag>([...ALWAYS_LACKING, ...aboutAgent(agent).lacks]);
  return Object.fromEntries(FLAGS.map((flag) => [flag, !lacking.has(flag)])) as Record<Flag, boolean>; // its keys are FLAGS
}

const MODE_WORDS: Readonly<Record<string, Omit<Mode, "id">>> = {
  build: { name: "Build", description: "Works with the permissions that the session has" },
  plan: { name: "Plan", description: "Plans without changing anything" },
  custom: { name: "Custom", description: "A mode of the agent's own configuration" },
};

export function modesOf(agent: string): Mode[] {
  return aboutAgent(agent).modes.map((id) => ({ id, ...(MODE_WORDS[id] ?? { name: id, description: "" }) }));
}

export const PERMISSION_MODES: readonly string[] = ["default", "plan", "bypass", "acceptEdits"];
