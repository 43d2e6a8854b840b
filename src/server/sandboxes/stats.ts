import { readFile } from "node:fs/promises";
import { sandboxProcesses } from "./processes.ts";
import type { ProcessRecord } from "./record.ts";

/** What a sandbox uses now. A page shared by two processes counts twice, as in `ps`. */
export type SandboxStats = { processes: number; memory_used_mb: number };

/** Linux only: adds up the resident memory of everything that runs in the sandbox. */
export async function sandboxStats(sandbox_id: string, leader: ProcessRecord | null): Promise<SandboxStats> {
  const pids = await sandboxProcesses(sandbox_id, leader);
  const kilobytes = await Promise.all(pids.map(residentKilobytes));
  const total = kilobytes.reduce((sum, kb) => sum + kb, 0);
  return { processes: pids.length, memory_used_mb: Math.round(total / 1024) };
}

async function residentKilobytes(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  } catch {
    // It ended meanwhile.
    return 0;
  }
}
