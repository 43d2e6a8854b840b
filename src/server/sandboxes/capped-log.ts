import { type WriteStream, createWriteStream, renameSync } from "node:fs";

export type CappedLog = {
  add(line: string): void;
  /** The newest lines, oldest first. */
  tail(): string[];
  close(): Promise<void>;
};

const TAIL_LINES = 40;

/**
 * A log file that never grows past about twice `maxBytes`: when full it becomes `<file>.1` and starts again. A disk
 * that refuses writes costs the file, never the process; the newest lines stay in memory either way.
 */
export function createCappedLog(file: string, maxBytes: number): CappedLog {
  const recent: string[] = [];
  let written = 0;
  let stream = open();

  function open(): WriteStream {
    const opened = createWriteStream(file, { flags: "a", mode: 0o600 });
    opened.on("error", () => opened.destroy());
    return opened;
  }

  function rotate(): void {
    stream.end();
    try {
      renameSync(file, `${file}.1`);
    } catch {
      // Nothing was written yet, or the folder is read-only: go on appending.
    }
    stream = open();
    written = 0;
  }

  return {
    add(line) {
      recent.push(line);
      if (recent.length > TAIL_LINES) recent.shift();
      if (written > maxBytes) rotate();
      written += Buffer.byteLength(line) + 1;
      if (stream.writable) stream.write(`${line}\n`);
    },
    tail: () => [...recent],
    close: () =>
      new Promise((resolve) => {
        if (stream.destroyed) resolve();
        else stream.once("close", resolve).end();
      }),
  };
}
