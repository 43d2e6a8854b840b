import type { SandboxLayout } from "./layout.ts";
import { SANDBOX_MARKER } from "./processes.ts";

/** What programs need to work at all: where things are, who and where the user is, and how to reach the network. */
const BASE_VARIABLES = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "TERM",
  "TMPDIR",
  "TZ",
  "SSH_AUTH_SOCK",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
  "GIT_SSL_CAINFO",
];

/** The agents' own settings; passed on only because whoever started Sandbar exported them. */
const AGENT_VARIABLES = [
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "ANTHROPIC_BASE_URL",
  "ANTHROPIC_MODEL",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CLAUDE_CONFIG_DIR",
  "OPENAI_API_KEY",
  "OPENAI_BASE_URL",
  "CODEX_API_KEY",
  "CODEX_HOME",
  "OPENCODE_CONFIG",
  "OPENROUTER_API_KEY",
  "GEMINI_API_KEY",
  "AMP_API_KEY",
  "CURSOR_API_KEY",
];

/** Keys that Codex would take before its sign-in. */
const CODEX_KEYS = ["OPENAI_API_KEY", "CODEX_API_KEY"];

export type EnvironmentParts = {
  sandbox_id: string;
  layout: SandboxLayout;
  env_vars: Readonly<Record<string, string>>;
  secret_values: Readonly<Record<string, string>>;
  codex_sign_in?: string | null;
};

/**
 * The environment of everything that runs in a sandbox: little of Sandbar's own (so none of its keys), then the
 * sandbox's variables, then its secrets. Only what Sandbar needs to work stands above those.
 */
export function sandboxEnvironment(
  parts: EnvironmentParts,
  inherited: NodeJS.ProcessEnv,
): Record<string, string> {
  const { codex_sign_in = null } = parts;
  const unwanted = codex_sign_in === null ? [] : CODEX_KEYS;
  const names = [...BASE_VARIABLES, ...AGENT_VARIABLES].filter((name) => !unwanted.includes(name));
  const kept = names.flatMap((name) => {
    const value = inherited[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(kept),
    // Claude Code refuses to start as root unless it is told that it is contained.
    ...(process.getuid?.() === 0 ? { IS_SANDBOX: "1" } : {}),
    ...(codex_sign_in === null ? {} : { CODEX_HOME: parts.layout.codex }),
    ...parts.env_vars,
    ...parts.secret_values,
    // Keeps git in an empty sandbox from taking a repository above the data directory for its own.
    GIT_CEILING_DIRECTORIES: parts.layout.root,
    [SANDBOX_MARKER]: parts.sandbox_id,
  };
}

const DAY_MS = 86_400_000;

/** What the agent server itself reads, on top (specs/sandbox-agent-acp.md, sections 1 and 8). */
export function agentServerEnvironment(layout: SandboxLayout): Record<string, string> {
  return {
    XDG_DATA_HOME: layout.agent,
    // The server's own timeout of a turn (120 s) would hang the request instead of ending it.
    SANDBOX_AGENT_ACP_REQUEST_TIMEOUT_MS: String(DAY_MS),
    // A first prompt must not download an agent unasked; the install route still does.
    SANDBOX_AGENT_REQUIRE_PREINSTALL: "1",
    SANDBOX_AGENT_LOG_STDOUT: "1",
    SANDBOX_AGENT_LOG_HTTP: "0",
  };
}
