import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { BackendError } from "#src/backends/backend-error.ts";
import { isErrno } from "./errno.ts";
import { sendSignal } from "./processes.ts";

export type OutputStream = "stdout" | "stderr";

export type CommandRequest = {
  command: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  stdin?: string;
  timeout_ms: number;
  signal: AbortSignal;
  onOutput(chunk: Buffer, stream: OutputStream): void;
};

/** `exit_code` is 128 + the signal's number when a signal ended it, as a shell says it. */
export type CommandEnd = { exit_code: number; timed_out: boolean };

/** How long a cancelled command has to clean up, and how long its late output is read after it ended. */
const TERM_MS = 2000;
const DRAIN_MS = 300;

/**
 * Runs one program to its end, without a shell, in a process group of its own. A timeout or an abort ends the whole
 * group; what the program left running in the background lives on.
 *
 * @throws BackendError `invalid_request` when the program cannot be started; the signal's reason when aborted.
 */
export async function runCommand(request: CommandRequest): Promise<CommandEnd> {
  request.signal.throwIfAborted();
  const child = await spawnGroup(request);
  let timed_out = false;
  let hardKill: NodeJS.Timeout | undefined;

  const end = (): void => {
    signalGroup(child, "SIGTERM");
    hardKill ??= setTimeout(() => signalGroup(child, "SIGKILL"), TERM_MS);
  };
  const timer = setTimeout(() => {
    timed_out = true;
    end();
  }, request.timeout_ms);
  request.signal.addEventListener("abort", end, { once: true });
  // The signal may have fired while the program was being started.
  if (request.signal.aborted) end();

  try {
    const exit_code = await exitOf(child);
    request.signal.throwIfAborted();
    return { exit_code, timed_out };
  } finally {
    clearTimeout(timer);
    clearTimeout(hardKill);
    if (hardKill) signalGroup(child, "SIGKILL");
    request.signal.removeEventListener("abort", end);
  }
}

function spawnGroup(request: CommandRequest): Promise<ChildProcess> {
  const child = spawn(request.command, request.args, {
    cwd: request.cwd,
    env: { ...request.env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk: Buffer) => request.onOutput(chunk, "stdout"));
  child.stderr.on("data", (chunk: Buffer) => request.onOutput(chunk, "stderr"));
  // A program that ends without reading its input closes the pipe under us.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(request.stdin ?? "");
  return new Promise((resolve, reject) => {
    child.once("spawn", () => resolve(child));
    child.once("error", (cause) => reject(cannotStart(request.command, cause)));
  });
}

function cannotStart(command: string, cause: Error): BackendError {
  const why = isErrno(cause, "ENOENT")
    ? "is not installed or not on the PATH"
    : `cannot be started: ${cause.message}`;
  return new BackendError("invalid_request", `${command} ${why}.`, { cause });
}

/** Resolves once the program has ended and its output is read; a background child may keep the pipes open. */
function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      const exit_code = code ?? 128 + signalNumber(signal);
      const drained = setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(exit_code);
      }, DRAIN_MS);
      child.once("close", () => {
        clearTimeout(drained);
        resolve(exit_code);
      });
    });
  });
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal ? constants.signals[signal] : 0;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) sendSignal(-child.pid, signal);
}
