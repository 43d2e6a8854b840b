import { execFile } from "node:child_process";
import { readFile, readdir } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { isErrno } from "./errno.ts";

/** Every process of a sandbox carries this variable, so stragglers are found in whatever group they moved to. */
export const SANDBOX_MARKER = "SANDBAR_SANDBOX_ID";

type ProcessInfo = { pid: number; ppid: number; pgid: number; started: string; marker: string | null };
export type ProcessIdentity = { pid: number; started: string };

/** The kernel's word for when a live process started; null when there is no such process. */
export async function processStarted(pid: number): Promise<string | null> {
  if (process.platform === "linux") return (await readProc(pid))?.started ?? null;
  const listed = await ps(["-o", "lstart=", "-p", String(pid)]);
  return listed.trim() || null;
}

/**
 * Pids of everything that belongs to a sandbox: processes that carry its marker (Linux), the group its agent
 * server `leader` began, and all their descendants. Zombies do not count.
 */
export async function sandboxProcesses(
  sandbox_id: string,
  leader: ProcessIdentity | null,
): Promise<number[]> {
  const all = await listProcesses();
  const group = leader && ownsGroup(leader, all) ? leader.pid : null;
  const found = new Set(
    all.filter((info) => info.marker === sandbox_id || info.pgid === group).map((info) => info.pid),
  );
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const info of all) if (found.has(info.ppid)) found.add(info.pid);
  }
  found.delete(process.pid);
  return [...found];
}

/** A group keeps its leader's pid from being reused, so only a live leader that started at another time is a stranger. */
function ownsGroup(leader: ProcessIdentity, all: readonly ProcessInfo[]): boolean {
  const alive = all.find((info) => info.pid === leader.pid);
  return alive === undefined || alive.started === leader.started;
}

/** How long the processes of a sandbox get, in milliseconds, before the next harder signal. */
export type Patience = { leave_ms: number; term_ms: number; kill_ms: number };
const PATIENCE: Patience = { leave_ms: 1500, term_ms: 1000, kill_ms: 5000 };

/**
 * Waits for the processes that `find` names to leave, then asks with SIGTERM, then ends them with SIGKILL.
 * Resolves with those that even SIGKILL did not end (empty unless the kernel holds one).
 */
export async function endProcesses(find: () => Promise<number[]>, patience = PATIENCE): Promise<number[]> {
  const phases = [
    { signal: null, ms: patience.leave_ms },
    { signal: "SIGTERM", ms: patience.term_ms },
    { signal: "SIGKILL", ms: patience.kill_ms },
  ] as const;
  let left = await find();
  for (const { signal, ms } of phases) {
    const deadline = performance.now() + ms;
    // SIGTERM once, so a process may clean up; SIGKILL again and again, for children forked in between.
    for (let round = 0; left.length > 0 && performance.now() < deadline; round++) {
      if (signal && (round === 0 || signal === "SIGKILL")) for (const pid of left) sendSignal(pid, signal);
      await delay(20);
      left = await find();
    }
  }
  return left;
}

/** Signals a process (or, with a negative pid, a group); one that is already gone is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!isErrno(error, "ESRCH")) throw error;
  }
}

async function listProcesses(): Promise<ProcessInfo[]> {
  if (process.platform !== "linux") return parsePs(await ps(["-axo", "pid=,ppid=,pgid=,stat=,lstart="]));
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const infos = await Promise.all(pids.map(readProc));
  return infos.filter((info) => info !== null);
}

/** One process from /proc; null when it has gone meanwhile or is a zombie. */
async function readProc(pid: number): Promise<ProcessInfo | null> {
  const [stat, environ] = await Promise.all([
    readFile(`/proc/${pid}/stat`, "utf8").catch(() => null),
    // Other users' processes are unreadable; they cannot be ours.
    readFile(`/proc/${pid}/environ`, "utf8").catch(() => ""),
  ]);
  if (stat === null) return null;
  // The command name may hold spaces and brackets; the fields start after the last one (proc(5)).
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, ppid, pgid] = fields;
  const started = fields[19];
  if (state === "Z" || state === "X" || started === undefined) return null;
  return { pid, ppid: Number(ppid), pgid: Number(pgid), started, marker: markerOf(environ) };
}

function markerOf(environ: string): string | null {
  const variable = environ.split("\0").find((entry) => entry.startsWith(`${SANDBOX_MARKER}=`));
  return variable?.slice(SANDBOX_MARKER.length + 1) ?? null;
}

/** Lines of `ps -axo pid=,ppid=,pgid=,stat=,lstart=`; macOS shows no other process's environment. */
export function parsePs(text: string): ProcessInfo[] {
  return text.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (!match || match[4]?.startsWith("Z")) return [];
    const [, pid, ppid, pgid, , started = ""] = match;
    return [{ pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid), started, marker: null }];
  });
}

async function ps(args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)("ps", args, { env: { PATH: process.env.PATH, LC_ALL: "C" } })).stdout;
  } catch (error) {
    // ps exits with 1 when no process matches.
    if (error instanceof Error && "code" in error && error.code === 1) return "";
    throw error;
  }
}
