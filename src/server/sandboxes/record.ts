import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import * as z from "zod";
import { BackendError } from "#src/backends/backend-error.ts";
import { SandboxSpec } from "#src/domain/sandbox.ts";
import { isErrno } from "./errno.ts";
import { type SandboxLayout, sandboxesFolder, sandboxLayout } from "./layout.ts";

/** What must be known to find a process again after a crash of Sandbar, and not to mistake another for it. */
export const ProcessRecord = z.object({
  pid: z.number().int(),
  started: z.string().describe("the kernel's word for when it started; guards against a reused pid"),
  port: z.number().int(),
});
export type ProcessRecord = z.infer<typeof ProcessRecord>;

/** `sandbox.json`: all that survives of a local sandbox beside its files. It holds no value of a variable. */
export const SandboxRecord = z.object({
  id: z.string(),
  name: z.string(),
  created_at: z.string(),
  state: z.enum(["creating", "running", "stopped", "failed"]),
  state_detail: z.string().nullable(),
  spec: SandboxSpec,
  files_ready: z.boolean().describe("the clone or copy is complete"),
  setup_done: z.boolean().describe("the setup script ended well, or there is none"),
  process: ProcessRecord.nullable(),
});
export type SandboxRecord = z.infer<typeof SandboxRecord>;

export type RecordStore = {
  read(sandbox_id: string): Promise<SandboxRecord | null>;
  write(record: SandboxRecord): Promise<void>;
  /** Reads, changes, writes; the caller holds the sandbox's lock. */
  update(sandbox_id: string, change: Partial<SandboxRecord>): Promise<SandboxRecord>;
  ids(): Promise<string[]>;
};

/** The records of every sandbox under `dataDir`, each in a file of its own, 0600 and replaced atomically. */
export function createRecordStore(dataDir: string): RecordStore {
  async function read(sandbox_id: string): Promise<SandboxRecord | null> {
    const { record } = sandboxLayout(dataDir, sandbox_id);
    let text: string;
    try {
      text = await readFile(record, "utf8");
    } catch (error) {
      if (isErrno(error, "ENOENT")) return null;
      throw error;
    }
    return parseRecord(text, record);
  }

  async function write(record: SandboxRecord): Promise<void> {
    const layout = sandboxLayout(dataDir, record.id);
    await mkdir(layout.root, { recursive: true, mode: 0o700 });
    await replaceFile(layout, JSON.stringify(record, null, 2));
  }

  return {
    read,
    write,
    async update(sandbox_id, change) {
      const record = await read(sandbox_id);
      if (!record) throw unknownSandbox(sandbox_id);
      const changed = { ...record, ...change };
      await write(changed);
      return changed;
    },
    async ids() {
      try {
        const entries = await readdir(sandboxesFolder(dataDir), { withFileTypes: true });
        return entries
          .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
          .map((entry) => entry.name);
      } catch (error) {
        if (isErrno(error, "ENOENT")) return [];
        throw error;
      }
    },
  };
}

/** @throws BackendError `upstream_error` naming the file, so that a person can look at it or delete the sandbox. */
function parseRecord(text: string, file: string): SandboxRecord {
  try {
    return SandboxRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw new BackendError(
      "upstream_error",
      `${file} cannot be read; delete the sandbox or repair the file.`,
      {
        cause,
      },
    );
  }
}

async function replaceFile(layout: SandboxLayout, text: string): Promise<void> {
  const unfinished = `${layout.record}.new`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await rename(unfinished, layout.record);
}

export function unknownSandbox(sandbox_id: string): BackendError {
  return new BackendError("not_found", `There is no local sandbox ${sandbox_id}.`);
}
