import { eventTypes } from "#src/contract/event-types.ts";
import type { Resume, SILENCE_MS } from "#src/contract/stream.ts";
import type { Envelope } from "#src/domain/event.ts";
import { type Backoff, backoffDelay } from "#src/lib/backoff.ts";
import type { Clock } from "./clock.ts";
import { createSilence } from "./silence.ts";
import { connecting, type StreamStatus } from "./status.ts";

const silenceMs: typeof SILENCE_MS = 45_000;
const connectMs = 10_000;
const backoff: Backoff = { base_ms: 500, max_ms: 15_000 };

/** The part of `EventSource` that is used. */
export type Source = {
  addEventListener: (name: string, listener: (event: { data?: unknown }) => void) => void;
  close: () => void;
};

/** Why a stream broke, as a call to the server tells. */
export type Diagnosis =
  | { kind: "answers" }
  | { kind: "signed_out" }
  | { kind: "unreachable"; reason: string };

export type ConnectionDeps = {
  openSource: (url: string) => Source;
  diagnose: () => Promise<Diagnosis>;
  clock: Clock;
  random: () => number;
};

export type ConnectionHandlers = {
  /** Asked anew for every try: the cursor moves on. */
  url: () => string;
  onResume: (resume: Resume) => void;
  onEvent: (envelope: Envelope) => void;
  /** Also on every sign of life, with the same status. */
  onStatus: (status: StreamStatus) => void;
  onSignedOut: () => void;
};

/**
 * Keeps one stream open: reads its frames, notices when it breaks or falls silent, and tries again with a capped,
 * jittered wait. A frame that cannot be read is counted and skipped.
 */
export function createConnection(deps: ConnectionDeps, handlers: ConnectionHandlers) {
  let source: Source | null = null;
  let status = connecting;
  let attempt = 0;
  let cancelRetry = () => {};
  const silence = createSilence(deps.clock, (ms) => lose(`Nothing was heard for ${ms / 1000} seconds.`));

  const say = (next: Partial<StreamStatus>) => {
    status = { ...status, ...next };
    handlers.onStatus(status);
  };

  const close = () => {
    cancelRetry();
    silence.stop();
    source?.close();
    source = null;
  };

  const open = () => {
    close();
    const opened = deps.openSource(handlers.url());
    source = opened;
    silence.await(connectMs);
    // A late callback of a source that was replaced must not touch the new one.
    const ifCurrent = (action: (data: string) => void) => (event: { data?: unknown }) => {
      if (source === opened) action(typeof event.data === "string" ? event.data : "");
    };
    opened.addEventListener("resume", ifCurrent(handleResume));
    opened.addEventListener("keepalive", ifCurrent(handleLife));
    for (const type of eventTypes) {
      // The server also may send an event named `error`, which has data; the source's own has none.
      const handle = (data: string) => (data === "" ? handleBreak() : handleEvent(data));
      opened.addEventListener(type, ifCurrent(type === "error" ? handle : handleEvent));
    }
  };

  const handleLife = () => {
    silence.heard();
    say({});
  };

  const handleResume = (data: string) => {
    const resume = parse(data, "cursor") as Resume | null;
    if (!resume) return countUnreadable();
    attempt = 0;
    silence.await(silenceMs);
    handlers.onResume(resume);
    say({ phase: "live", reason: null, retry_at: null });
  };

  const handleEvent = (data: string) => {
    silence.heard();
    const envelope = parse(data, "id") as Envelope | null;
    if (envelope) handlers.onEvent(envelope);
    else countUnreadable();
  };

  const countUnreadable = () => say({ unreadable: status.unreadable + 1 });

  const handleBreak = () => lose("The connection was lost.");

  const lose = (reason: string) => {
    close();
    const wait = backoffDelay(attempt, backoff, deps.random);
    attempt += 1;
    cancelRetry = deps.clock.after(wait, () => {
      say({ retry_at: null });
      open();
    });
    say({
      phase: status.phase === "offline" ? "offline" : "reconnecting",
      reason,
      retry_at: deps.clock.now() + wait,
    });
    void explain();
  };

  const explain = async () => {
    const during = attempt;
    const diagnosis = await deps.diagnose();
    if (diagnosis.kind === "signed_out") {
      close();
      handlers.onSignedOut();
      return;
    }
    if (attempt !== during || status.phase === "live") return;
    if (diagnosis.kind === "unreachable") say({ phase: "offline", reason: diagnosis.reason });
    else say({ phase: "reconnecting" });
  };

  return {
    /** Opens the stream, or opens it again at once with the address of now. */
    open,
    close,
    /** Tries now if it is down, or if it is up but has been suspiciously quiet, as after a laptop's sleep. */
    nudge: () => {
      const quiet = silence.lasted() > silenceMs / 2;
      if (source && status.phase === "live" && !quiet) return;
      attempt = 0;
      if (status.phase !== "live") say({ retry_at: null });
      open();
    },
    status: () => status,
  };
}

/**
 * A frame's JSON, or null when it is not an object with the string field that every frame of its kind has. The server
 * validates events before it stores them, so the page checks only what the stream itself relies on.
 */
function parse(data: string, field: "id" | "cursor"): object | null {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null) return null;
    return Object.entries(value).some(([name, content]) => name === field && typeof content === "string")
      ? value
      : null;
  } catch {
    return null;
  }
}
