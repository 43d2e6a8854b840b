import type { SessionUpdate } from "@agentclientprotocol/sdk";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hasCode } from "./errors.ts";
import { defaultOptions, type OptionValues } from "./options.ts";

/** Everything a session is, as it lies on disk: one JSON file per session. */
export type SessionRecord = {
  version: 1;
  id: string;
  cwd: string;
  title: string | null;
  /** RFC 3339, UTC. */
  updated_at: string;
  options: OptionValues;
  /** The tools the user allowed for the rest of the session. */
  allowed_tools: string[];
  /** The last number given out of each kind, so that ids go on rising after a reload. */
  counters: { turn: number; message: number; call: number };
  tokens: number;
  history: SessionUpdate[];
};

const ID = /^mock-(\d+)$/;

/**
 * Sessions on disk, shared by every mock process of one data directory. Files are replaced atomically and ids are
 * claimed by exclusive creation, so two processes never get the same session.
 */
export class SessionStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Claims the lowest id above all known ones and stores an empty session under it. */
  async create(cwd: string, now: Date): Promise<SessionRecord> {
    await mkdir(this.#directory, { recursive: true });
    let number = Math.max(0, ...(await this.#ids()).map((id) => Number(ID.exec(id)?.[1])));
    for (;;) {
      number += 1;
      const record = emptyRecord(`mock-${number}`, cwd, now);
      try {
        await writeFile(this.#file(record.id), JSON.stringify(record), { flag: "wx" });
        return record;
      } catch (error) {
        if (!hasCode(error, "EEXIST")) throw error;
      }
    }
  }

  /** The stored session, or null when there is none of that id. */
  async read(id: string): Promise<SessionRecord | null> {
    if (!ID.test(id)) return null;
    try {
      return parseRecord(await readFile(this.#file(id), "utf8"), id);
    } catch (error) {
      if (hasCode(error, "ENOENT")) return null;
      throw error;
    }
  }

  async save(record: SessionRecord): Promise<void> {
    const temporary = join(this.#directory, `.${record.id}.${process.pid}.tmp`);
    await writeFile(temporary, JSON.stringify(record));
    await rename(temporary, this.#file(record.id));
  }

  /** All stored sessions, last used first. */
  async list(): Promise<SessionRecord[]> {
    const records = await Promise.all((await this.#ids()).map((id) => this.read(id)));
    return records
      .filter((record) => record !== null)
      .sort((a, b) => b.updated_at.localeCompare(a.updated_at) || a.id.localeCompare(b.id));
  }

  async #ids(): Promise<string[]> {
    try {
      const names = await readdir(this.#directory);
      return names.map((name) => name.replace(/\.json$/, "")).filter((id) => ID.test(id));
    } catch (error) {
      if (hasCode(error, "ENOENT")) return [];
      throw error;
    }
  }

  #file(id: string): string {
    return join(this.#directory, `${id}.json`);
  }
}

function emptyRecord(id: string, cwd: string, now: Date): SessionRecord {
  return {
    version: 1,
    id,
    cwd,
    title: null,
    updated_at: now.toISOString(),
    options: defaultOptions,
    allowed_tools: [],
    counters: { turn: 0, message: 0, call: 0 },
    tokens: 0,
    history: [],
  };
}

function parseRecord(text: string, id: string): SessionRecord {
  const value: unknown = JSON.parse(text);
  if (!isRecord(value, id)) throw new Error(`the stored session ${id} is damaged or of another version`);
  return value;
}

/** Only this file writes the records, so the version and the id vouch for the rest. */
function isRecord(value: unknown, id: string): value is SessionRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    "version" in value &&
    value.version === 1 &&
    "id" in value &&
    value.id === id
  );
}
