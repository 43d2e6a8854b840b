import { existsSync } from "node:fs";
import type { PseudoTtyInfo } from "ssh2";

/** A program with its arguments. */
export type Command = { file: string; args: string[]; env: Record<string, string> };

export type Terminal = Pick<PseudoTtyInfo, "term" | "cols" | "rows">;

/** util-linux's `script` gives a program a terminal of its own; Node has no call for that. */
const SCRIPT = "/usr/bin/script";

/** Whether a shell can have a real terminal here. */
export function hasTerminals(platform: NodeJS.Platform = process.platform): boolean {
  return platform === "linux" && existsSync(SCRIPT);
}

/**
 * What runs for a request: the command, or without one the sandbox's shell; in a terminal of the size that the client
 * had when it asked. Without terminals an interactive shell still runs, but has no job control and no line editing.
 */
export function commandFor(
  wanted: string | null,
  terminal: Terminal | null,
  environment: Readonly<Record<string, string>>,
  terminals: boolean = hasTerminals(),
): Command {
  const shell = environment.SHELL || "/bin/sh";
  const env = { ...environment, SHELL: shell };
  if (!terminal) {
    const args = wanted === null ? [] : ["-c", wanted];
    return { file: wanted === null ? shell : "/bin/sh", args, env };
  }
  const inTerminal = { ...env, TERM: terminal.term || "xterm" };
  if (!terminals) {
    const args = wanted === null ? ["-i"] : ["-c", wanted];
    return { file: "/bin/sh", args, env: inTerminal };
  }
  // The client's own words reach the shell as a variable, so none of them can end the line around them.
  const size = `stty rows ${whole(terminal.rows, 24)} cols ${whole(terminal.cols, 80)}`;
  const run = wanted === null ? 'exec "$SHELL"' : 'exec /bin/sh -c "$SANDBAR_SSH_COMMAND"';
  return {
    file: SCRIPT,
    args: ["-qfec", `${size}; ${run}`, "/dev/null"],
    // `script` runs its line with SHELL; the line starts the sandbox's own.
    env: wanted === null ? inTerminal : { ...inTerminal, SANDBAR_SSH_COMMAND: wanted },
  };
}

function whole(size: number, fallback: number): number {
  return Number.isInteger(size) && size > 0 && size < 10_000 ? size : fallback;
}
