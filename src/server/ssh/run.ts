import { type ChildProcess, spawn } from "node:child_process";
import type { ServerChannel } from "ssh2";
import { sendSignal } from "../sandboxes/processes.ts";
import type { Command } from "./command.ts";

/** How long a program has to end by itself once nobody listens any more, in ms. */
const LEAVE_MS = 2_000;

/** A program at the other end of a channel. */
export type Running = {
  signal(name: NodeJS.Signals): void;
  /** Ends it and what it started in its group. */
  end(): void;
};

/** Runs a program with its input and output on the channel, and tells its end as SSH does: a code, or a signal. */
export function runOnChannel(channel: ServerChannel, { file, args, env }: Command, cwd: string): Running {
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  let timer: NodeJS.Timeout | null = null;

  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.pipe(child.stdin);
  // Either side may be gone while the other still writes; the end is told below.
  child.stdin.on("error", () => child.stdin.destroy());
  channel.on("error", () => end());
  channel.on("close", () => end());

  child.on("error", (error) => {
    channel.stderr.write(`${file} cannot be started: ${error.message}\n`);
    channel.exit(127);
    channel.end();
  });
  child.on("close", (code, signal) => {
    if (timer) clearTimeout(timer);
    if (signal) channel.exit(signal, false, "");
    else channel.exit(code ?? 0);
    channel.end();
  });

  function end(): void {
    if (timer || child.exitCode !== null || child.signalCode !== null) return;
    signalGroup(child, "SIGHUP");
    timer = setTimeout(() => signalGroup(child, "SIGKILL"), LEAVE_MS);
    timer.unref();
  }

  return { signal: (name) => signalGroup(child, name), end };
}

function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid !== undefined) sendSignal(-pid, name);
}
