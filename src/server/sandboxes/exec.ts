import type { ExecRequest, ExecResult } from "#src/backends/backend.ts";
import { BackendError } from "#src/backends/backend-error.ts";
import { confine } from "./files.ts";
import type { RunningSandbox } from "./launch.ts";
import { type OutputStream, runCommand } from "./run-command.ts";

const DEFAULT_TIMEOUT_SECS = 60;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * Runs one command to its end in a sandbox's folder, with its environment. Secrets are masked in the output, of
 * which each stream keeps its first MiB.
 *
 * @throws BackendError `timeout` after `timeout_secs` (default 60); `invalid_request` without a program to run.
 */
export async function execInSandbox(
  { layout, environment, redact }: RunningSandbox,
  request: ExecRequest,
  signal: AbortSignal,
): Promise<ExecResult> {
  const [command, ...args] = request.command;
  if (!command) throw new BackendError("invalid_request", "Name a command to run.");
  const timeout_secs = request.timeout_secs ?? DEFAULT_TIMEOUT_SECS;
  const output = { stdout: createKeeper(), stderr: createKeeper() };
  const started = performance.now();
  const { exit_code, timed_out } = await runCommand({
    command,
    args,
    cwd: await confine(layout.files, request.workdir ?? ""),
    env: { ...environment, ...request.env },
    stdin: request.stdin,
    timeout_ms: timeout_secs * 1000,
    signal,
    onOutput: (chunk: Buffer, stream: OutputStream) => output[stream].keep(chunk),
  });
  if (timed_out)
    throw new BackendError("timeout", `The command ran for more than ${timeout_secs} s and was ended.`);
  return {
    exit_code,
    stdout: redact(output.stdout.text()),
    stderr: redact(output.stderr.text()),
    duration_ms: Math.round(performance.now() - started),
  };
}

type Keeper = { keep(chunk: Buffer): void; text(): string };

function createKeeper(): Keeper {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    keep(chunk) {
      if (size < MAX_OUTPUT_BYTES) chunks.push(chunk);
      size += chunk.length;
    },
    text() {
      const kept = Buffer.concat(chunks).subarray(0, MAX_OUTPUT_BYTES).toString();
      return size > MAX_OUTPUT_BYTES ? `${kept}\n… ${size - MAX_OUTPUT_BYTES} bytes left out\n` : kept;
    },
  };
}
