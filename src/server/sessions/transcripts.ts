import type { Message } from "#src/domain/content.ts";
import { createSerial, type Serial } from "#src/lib/serial.ts";
import type { Row, TranscriptPage } from "#src/transcript/rows.ts";
import { ApiError } from "../errors.ts";
import type { EventHub } from "../events/hub.ts";
import type { Db } from "../store/schema.ts";
import { TranscriptWindow } from "./transcript-window.ts";
import { waitForAnswer } from "./turn-answer.ts";

/** Folded rows of sessions, kept up to date as events are committed. */
export type Transcripts = {
  /** One page of rows, newest first; `before` as `next_before` of the page after it. */
  page(session_id: string, before: string | null, limit: number): Promise<TranscriptPage>;
  /** Every row, oldest first. */
  all(session_id: string): Promise<readonly Row[]>;
  /**
   * Shows every row to `visit`, or those before event `before`, oldest first and some at a time, so that a long session
   * holds nobody up. Gives the cursor that they are true at. Throws 499 `client_gone` when `signal` ends it.
   */
  walk(session_id: string, options: WalkOptions, visit: (rows: readonly Row[]) => void): Promise<string>;
  /** Waits for the turn of a prompt to end and gives the assistant's message; throws when the turn failed. */
  answer(session_id: string, message_id: string, signal: AbortSignal): Promise<Message>;
  /** Waits until everything up to now is stored, and stores nothing more. */
  close(): Promise<void>;
};

export type WalkOptions = { before?: string | undefined; signal: AbortSignal };

export type TranscriptLimits = {
  /** How many sessions' newest rows stay in memory, and how many rows of each, at least `LOOK_BACK`. */
  sessions: number;
  rows: number;
  /** Events of one read from the log; after so many, a transcript is stored also while its turn runs. */
  events: number;
  /** Rows that a walk reads at once: a few milliseconds of work. */
  part: number;
};

const defaultLimits: TranscriptLimits = { sessions: 16, rows: 200, events: 2_000, part: 200 };

export type TranscriptDeps = {
  hub: EventHub;
  db: Db;
  /** A transcript could not be stored: its log is folded again when it is needed. */
  onError: (error: unknown) => void;
  limits?: TranscriptLimits;
};

/** One session's window, for one user at a time. */
type Lane = { serial: Serial; window: TranscriptWindow | null; users: number };

/**
 * Transcripts are stored as rows when a turn ends and while a long one runs, so opening one reads a page of rows and
 * folds a short rest of the log, also after a restart. In memory are only the newest rows of a few sessions.
 */
export function createTranscripts({ hub, db, onError, limits = defaultLimits }: TranscriptDeps): Transcripts {
  /** In the order of use, the longest unused first. */
  const lanes = new Map<string, Lane>();
  /** How many events of a session came since it was last stored. */
  const unsaved = new Map<string, number>();
  const saving = createSerial();

  const unsubscribe = hub.subscribe({ kind: "all" }, (events) => {
    const due = new Set<string>();
    for (const { session_id, event_type } of events) {
      if (session_id === null) continue;
      const count = (unsaved.get(session_id) ?? 0) + 1;
      unsaved.set(session_id, count);
      const ended = event_type === "session_completed" || event_type === "session_failed";
      if (ended || count >= limits.events) due.add(session_id);
    }
    for (const session_id of due) store(session_id);
  });

  function store(session_id: string): void {
    unsaved.delete(session_id);
    saving(() => withWindow(session_id, (window) => window.save())).catch(onError);
  }

  /** Runs `work` on a session's window once that has everything of the log. One at a time for each session. */
  async function withWindow<T>(
    session_id: string,
    work: (window: TranscriptWindow) => Promise<T>,
  ): Promise<T> {
    const lane = lanes.get(session_id) ?? { serial: createSerial(), window: null, users: 0 };
    lanes.delete(session_id);
    lanes.set(session_id, lane);
    lane.users += 1;
    forgetUnused();
    try {
      return await lane.serial(async () => {
        // A window that failed half-way is not used again.
        const window = lane.window ?? (await TranscriptWindow.open(db, session_id, limits.rows));
        lane.window = null;
        await catchUp(session_id, window);
        const result = await work(window);
        lane.window = window;
        return result;
      });
    } finally {
      lane.users -= 1;
    }
  }

  async function catchUp(session_id: string, window: TranscriptWindow): Promise<void> {
    const filter = { kind: "session", session_id, sandbox_id: null } as const;
    for (;;) {
      const after = Number(window.cursor);
      const events = await hub.read({ filter, after, limit: limits.events });
      window.take(events);
      if (events.length < limits.events) return;
      await window.save();
    }
  }

  function forgetUnused(): void {
    for (const [session_id, { users }] of lanes) {
      if (lanes.size <= limits.sessions) return;
      if (users === 0) lanes.delete(session_id);
    }
  }

  const page: Transcripts["page"] = (session_id, before, limit) =>
    withWindow(session_id, (window) => window.page(before, limit));

  async function walk(
    session_id: string,
    { before, signal }: WalkOptions,
    visit: (rows: readonly Row[]) => void,
  ): Promise<string> {
    const { cursor, parts } = await withWindow(session_id, async (window) => ({
      cursor: window.cursor,
      parts: window.parts(before, limits.part),
    }));
    for await (const rows of parts) {
      if (signal.aborted) throw new ApiError(499, "client_gone", "The caller went away.");
      visit(rows);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return cursor;
  }

  return {
    page,
    walk,
    all: (session_id) => withWindow(session_id, (window) => window.all()),
    answer: (session_id, message_id, signal) =>
      waitForAnswer({ hub, page }, { session_id, message_id, signal }),
    close: async () => {
      unsubscribe();
      await saving(() => Promise.resolve());
    },
  };
}
