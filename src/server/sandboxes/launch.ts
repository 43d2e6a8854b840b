import { mkdir } from "node:fs/promises";
import { type AgentProcess, startAgentProcess } from "./agent-process.ts";
import { resolveBinary } from "./binary.ts";
import { sandboxEnvironment } from "./environment.ts";
import { type SandboxLayout, sandboxLayout } from "./layout.ts";
import type { Logger } from "./logger.ts";
import { installMockLauncher } from "./mock-launcher.ts";
import type { ProcessRecord, SandboxRecord } from "./record.ts";
import { keepCodexSignIn, tokensOf } from "./codex-home.ts";
import { shareSignIns } from "./sign-ins.ts";
import { type Redact, createRedactor } from "./redact.ts";

export type LaunchConfig = {
  dataDir: string;
  /** The native sandbox-agent program; default: the npm package's, see `resolveBinary`. */
  binaryPath?: string;
  /** The bundled mock agent, run by `nodePath`. */
  mockAgentPath: string;
  nodePath: string;
  logger: Logger;
};

/** A sandbox's variables. They are in memory only while it runs: the server keeps them sealed, the record has none. */
export type SandboxValues = {
  env_vars: Readonly<Record<string, string>>;
  secret_values: Readonly<Record<string, string>>;
  /** The `auth.json` of a Codex sign-in. */
  codex_sign_in?: string | null;
};

/** What everything that runs in one sandbox shares. */
export type SandboxContext = {
  layout: SandboxLayout;
  environment: Readonly<Record<string, string>>;
  /** Masks the sandbox's secrets in a line of output. */
  redact: Redact;
};

/** A sandbox whose agent server is up. */
export type RunningSandbox = SandboxContext & { process: AgentProcess };

/** Also puts the sandbox's own Codex sign-in into its file, or takes away an earlier one. */
export async function sandboxContext(
  dataDir: string,
  { id }: Pick<SandboxRecord, "id">,
  values: SandboxValues,
): Promise<SandboxContext> {
  const layout = sandboxLayout(dataDir, id);
  const environment = sandboxEnvironment({ sandbox_id: id, layout, ...values }, process.env);
  const { secret_values, codex_sign_in = null } = values;
  await keepCodexSignIn(layout, codex_sign_in, environment.HOME);
  const redact = createRedactor([...Object.values(secret_values), ...tokensOf(codex_sign_in)]);
  return { layout, environment, redact };
}

/**
 * Installs the mock agent, lends the user's sign-ins, and starts the sandbox's agent server.
 *
 * @throws BackendError `unsupported` without the native program, `agent_failed` when it does not come up.
 */
export async function launchSandbox(
  sandbox_id: string,
  context: SandboxContext,
  config: LaunchConfig,
  hooks: { onSpawned: (record: ProcessRecord) => Promise<void>; signal: AbortSignal },
): Promise<RunningSandbox> {
  // The folder may have been removed by hand.
  await mkdir(context.layout.files, { recursive: true });
  const binary = config.binaryPath ?? (await resolveBinary(config.dataDir)).path;
  if (!(await installMockLauncher(context.layout, config))) {
    config.logger.warn({ mockAgentPath: config.mockAgentPath }, "the mock agent has not been built");
  }
  await shareSignIns(context.layout, context.environment.HOME);
  return { ...context, process: await startAgentProcess({ sandbox_id, binary, ...context, ...hooks }) };
}
