import { createSerial } from "#src/lib/serial.ts";
import type { TranscriptState } from "#src/transcript/rows.ts";
import type { EventHub } from "../events/hub.ts";
import type { Db } from "../store/schema.ts";
import { saveTranscript, transcriptCursor } from "../store/transcripts.ts";

/** A transcript is stored once this many events have come since the last time: a few milliseconds of folding. */
const SAVE_AFTER = 2_000;

export type SaverDeps = {
  hub: EventHub;
  db: Db;
  stateOf: (session_id: string) => Promise<TranscriptState>;
  onError: (error: unknown) => void;
};

/** Stores long transcripts as their turns end, so that opening one reads its rows instead of folding its whole log. */
export type TranscriptSaver = {
  /** Stores the transcript if much has happened since the last time. */
  consider(session_id: string): void;
  /** Waits for what is being stored, and stores nothing more. */
  close(): Promise<void>;
};

export function createTranscriptSaver({ hub, db, stateOf, onError }: SaverDeps): TranscriptSaver {
  const serial = createSerial();
  let closed = false;

  async function save(session_id: string): Promise<void> {
    if (closed) return;
    const after = await transcriptCursor(db, session_id);
    const filter = { kind: "session", session_id, sandbox_id: null } as const;
    if ((await hub.count({ filter, after, limit: SAVE_AFTER })) < SAVE_AFTER) return;
    await saveTranscript(db, session_id, await stateOf(session_id));
  }

  function consider(session_id: string): void {
    serial(() => save(session_id)).catch(onError);
  }

  const unsubscribe = hub.subscribe({ kind: "all" }, (events) => {
    for (const { event_type, session_id } of events) {
      const ended = event_type === "session_completed" || event_type === "session_failed";
      if (ended && session_id !== null) consider(session_id);
    }
  });

  return {
    consider,
    close: async () => {
      closed = true;
      unsubscribe();
      await serial(() => Promise.resolve());
    },
  };
}
