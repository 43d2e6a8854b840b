import type { Logger } from "./logger.ts";
import { endProcesses, sandboxProcesses } from "./processes.ts";
import type { RecordStore, SandboxRecord } from "./record.ts";

/** What a crashed run of Sandbar left of one sandbox. */
export type LeftBehind = {
  sandbox_id: string;
  /** Its state when that run ended. */
  was: SandboxRecord["state"];
  /** Processes that were still alive and have been ended. */
  ended_pids: number[];
};

/**
 * Ends the processes that a crashed run left, and makes the records true again: what ran is stopped, what was being
 * made has failed. Sandboxes that were left as they should be are not in the list. Only processes of this data directory's own sandboxes are touched.
 */
export async function reap(records: RecordStore, logger: Logger): Promise<LeftBehind[]> {
  const found: LeftBehind[] = [];
  for (const sandbox_id of await records.ids()) {
    try {
      const left = await reapSandbox(sandbox_id, records);
      if (left) found.push(left);
    } catch (error) {
      logger.error({ sandbox_id, error }, "a sandbox could not be recovered");
    }
  }
  return found;
}

async function reapSandbox(sandbox_id: string, records: RecordStore): Promise<LeftBehind | null> {
  const record = await records.read(sandbox_id);
  if (!record) return null;
  const find = (): Promise<number[]> => sandboxProcesses(sandbox_id, record.process);
  const ended_pids = await find();
  // Nobody reads their output any more, so there is no reason to wait for them to leave by themselves.
  await endProcesses(find, { leave_ms: 0, term_ms: 1000, kill_ms: 5000 });
  const changed = settled(record);
  if (changed !== record) await records.write(changed);
  const crashed = changed !== record || ended_pids.length > 0;
  return crashed ? { sandbox_id, was: record.state, ended_pids } : null;
}

function settled(record: SandboxRecord): SandboxRecord {
  switch (record.state) {
    case "running":
      return { ...record, state: "stopped", state_detail: "Sandbar was restarted.", process: null };
    case "creating":
      return {
        ...record,
        state: "failed",
        state_detail: "Sandbar ended while this sandbox was being made. Run its setup again, or delete it.",
        process: null,
      };
    case "stopped":
    case "failed":
      return record.process === null ? record : { ...record, process: null };
    default:
      return record.state satisfies never;
  }
}
