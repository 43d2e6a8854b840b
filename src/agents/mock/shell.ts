import { spawn } from "node:child_process";
import { PassThrough, addAbortSignal } from "node:stream";
import { hasCode } from "./errors.ts";

/** How a command ended: its exit code, or null and the signal that killed it. */
export type Exit = { exitCode: number | null; signal: string | null };

/** Output that waits for a slow reader before the command itself is held back. */
const BUFFER_BYTES = 1_048_576;

/** Runs shell commands, each in its own process group, so that a cancel ends everything the command started. */
export class Shell {
  readonly #groups = new Set<number>();

  /**
   * Runs `sh -c command` in `cwd` and hands over its output, stdout and stderr as they come; reading waits for
   * `onOutput`. An abort kills the process group and rejects at once.
   */
  async run(
    command: string,
    cwd: string,
    signal: AbortSignal,
    onOutput: (text: string) => Promise<void>,
  ): Promise<Exit> {
    const child = spawn("sh", ["-c", command], { cwd, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const output = addAbortSignal(signal, new PassThrough({ encoding: "utf8", highWaterMark: BUFFER_BYTES }));
    child.stdout.pipe(output, { end: false });
    child.stderr.pipe(output, { end: false });
    child.once("close", () => output.end());
    child.once("error", (error) => output.destroy(error));
    if (child.pid !== undefined) this.#groups.add(child.pid);
    try {
      for await (const text of output) await onOutput(String(text));
      return { exitCode: child.exitCode, signal: child.signalCode };
    } catch (error) {
      if (child.pid !== undefined) killGroup(child.pid);
      throw error;
    } finally {
      if (child.pid !== undefined) this.#groups.delete(child.pid);
    }
  }

  /** Kills what still runs; for the end of the process. */
  killAll(): void {
    for (const pid of this.#groups) killGroup(pid);
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
  }
}
