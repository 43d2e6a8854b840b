import { writeFile } from "node:fs/promises";
import { BackendError } from "#src/backends/backend-error.ts";
import type { SandboxLayout } from "./layout.ts";
import type { OutputRelay } from "./output-relay.ts";
import { type CommandEnd, runCommand } from "./run-command.ts";

export type SetupContext = {
  layout: SandboxLayout;
  env: Readonly<Record<string, string>>;
  output: OutputRelay;
  signal: AbortSignal;
};

const SETUP_TIMEOUT_MS = 30 * 60_000;

/**
 * Runs a setup script with `sh -e` in the files folder, its output to `output` (which this ends).
 *
 * @throws BackendError with the script's last line when it fails or runs for more than 30 minutes.
 */
export async function runSetupScript(
  script: string,
  { layout, env, output, signal }: SetupContext,
): Promise<void> {
  await writeFile(layout.setupScript, script, { mode: 0o600 });
  let lines: string[] = [];
  let end: CommandEnd;
  try {
    end = await runCommand({
      command: "sh",
      args: ["-e", layout.setupScript],
      cwd: layout.files,
      env,
      timeout_ms: SETUP_TIMEOUT_MS,
      signal,
      onOutput: output.write,
    });
  } finally {
    lines = await output.end();
  }
  if (end.timed_out) throw new BackendError("timeout", "The setup script ran for more than 30 minutes.");
  if (end.exit_code !== 0) throw scriptFailure(end.exit_code, lines);
}

function scriptFailure(exit_code: number, lines: string[]): BackendError {
  const last = lines.findLast((line) => line.trim() !== "");
  const said = last === undefined ? "" : `: ${last}`;
  return new BackendError("upstream_error", `The setup script ended with exit code ${exit_code}${said}`);
}
