import type { DomainEvent } from "#src/domain/event.ts";
import { createCappedLog } from "./capped-log.ts";
import { createLineSplitter } from "./lines.ts";
import type { Redact } from "./redact.ts";
import type { OutputStream } from "./run-command.ts";

export type OutputRelay = {
  write(chunk: Buffer, stream: OutputStream): void;
  /** Hands on what is left and closes the file; resolves with the last lines. Safe to call twice. */
  end(): Promise<string[]>;
};

export type OutputRelayOptions = {
  file: string;
  redact: Redact;
  emit: (event: DomainEvent) => void;
  /** Milliseconds; only differences matter. */
  now: () => number;
};

const LINES_PER_SECOND = 100;
const BURST = 200;
const MAX_LINES = 2000;
const MAX_LINE_LENGTH = 2000;
const KEPT_AT_END = 20;
const FILE_BYTES = 5 * 1024 * 1024;

/**
 * Turns a program's output into `log_line` events, secrets masked. Every line goes to the file; what comes faster
 * than a person could follow, or beyond `MAX_LINES`, is counted instead of sent. The last lines are always sent:
 * they tell why something failed.
 */
export function createOutputRelay({ file, redact, emit, now }: OutputRelayOptions): OutputRelay {
  const log = createCappedLog(file, FILE_BYTES);
  const splitters = {
    stdout: createLineSplitter((line) => take(line, "stdout")),
    stderr: createLineSplitter((line) => take(line, "stderr")),
  };
  let budget = BURST;
  let refilled_at = now();
  let sent = 0;
  let held: { line: string; stream: OutputStream }[] = [];
  let dropped = 0;
  let ended: Promise<string[]> | null = null;

  function take(raw: string, stream: OutputStream): void {
    const line = redact(raw).slice(0, MAX_LINE_LENGTH);
    log.add(line);
    if (mayEmit()) {
      flushHeld(0);
      send(line, stream);
    } else {
      held.push({ line, stream });
      if (held.length > KEPT_AT_END) {
        held.shift();
        dropped++;
      }
    }
  }

  function mayEmit(): boolean {
    const at = now();
    budget = Math.min(BURST, budget + ((at - refilled_at) / 1000) * LINES_PER_SECOND);
    refilled_at = at;
    if (sent >= MAX_LINES || budget < 1) return false;
    budget--;
    return true;
  }

  function send(line: string, stream: string): void {
    sent++;
    emit({ event_type: "log_line", data: { line, stream } });
  }

  /** Says how many lines were left out, then sends the newest `keep` of those held back. */
  function flushHeld(keep: number): void {
    const kept = keep > 0 ? held.slice(-keep) : [];
    const missing = dropped + held.length - kept.length;
    if (missing > 0)
      send(`… ${missing} lines left out; setup.log in the sandbox's folder has them`, "system");
    for (const { line, stream } of kept) send(line, stream);
    held = [];
    dropped = 0;
  }

  async function finish(): Promise<string[]> {
    splitters.stdout.end();
    splitters.stderr.end();
    flushHeld(KEPT_AT_END);
    await log.close();
    return log.tail();
  }

  return {
    write: (chunk, stream) => splitters[stream].write(chunk),
    end: () => (ended ??= finish()),
  };
}
