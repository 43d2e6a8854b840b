import type { Message } from "#src/domain/content.ts";
import { compareIds } from "#src/lib/ids.ts";
import type { Row, RowOf } from "#src/transcript/rows.ts";
import { ApiError } from "../errors.ts";
import type { EventHub } from "../events/hub.ts";
import { answerOf } from "./messages.ts";
import type { Transcripts } from "./transcripts.ts";

const ROWS_PER_READ = 200;

type Asked = { session_id: string; message_id: string; signal: AbortSignal };
type Deps = { hub: Pick<EventHub, "subscribe">; page: Transcripts["page"] };

/**
 * The assistant's message of the turn that a prompt begins, once that turn has ended. Throws 502 `agent_failed` when it
 * failed, and 499 `client_gone` when the caller goes away first.
 */
export async function waitForAnswer({ hub, page }: Deps, asked: Asked): Promise<Message> {
  const { session_id, message_id, signal } = asked;
  /** Every row up to here was looked at: the prompt is not among them. */
  let seen = "0";
  for (;;) {
    const next = nextTurnEnd(hub, session_id, signal);
    try {
      const { rows, cursor } = await rowsFromPrompt(page, asked, seen);
      if (rows === null) {
        seen = cursor;
      } else {
        const end = endOfTurn(rows, message_id);
        if (end) return answerFrom(session_id, rows, end);
      }
      await next.heard;
    } finally {
      next.stop();
    }
  }
}

/** The rows from the page of the prompt on, read from the end; null when it is not in those after `seen`. */
async function rowsFromPrompt(
  page: Transcripts["page"],
  { session_id, message_id }: Asked,
  seen: string,
): Promise<{ rows: Row[] | null; cursor: string }> {
  const newest = await page(session_id, null, ROWS_PER_READ);
  const { cursor } = newest;
  let { rows, next_before } = newest;
  let found = rows.some((row) => isPrompt(row, message_id));
  while (!found && next_before !== null && compareIds(next_before, seen) > 0) {
    const older = await page(session_id, next_before, ROWS_PER_READ);
    found = older.rows.some((row) => isPrompt(row, message_id));
    rows = [...older.rows, ...rows];
    next_before = older.next_before;
  }
  return { rows: found ? rows : null, cursor };
}

function isPrompt(row: Row, message_id: string): boolean {
  return row.kind === "user" && row.message_id === message_id;
}

function endOfTurn(rows: readonly Row[], message_id: string): RowOf<"turn_end"> | null {
  const prompt = rows.find((row) => isPrompt(row, message_id));
  const end = rows.findLast((row) => row.kind === "turn_end" && row.turn_id === prompt?.turn_id);
  return end?.kind === "turn_end" ? end : null;
}

function answerFrom(session_id: string, rows: readonly Row[], end: RowOf<"turn_end">): Message {
  if (end.outcome === "failed") {
    throw new ApiError(502, "agent_failed", end.error ?? "The turn failed.", { turn_id: end.turn_id });
  }
  return answerOf(session_id, rows, end.turn_id ?? "", end.at);
}

/** Resolves `heard` once a turn of the session ends; rejects it when the caller goes away. `stop` forgets both. */
function nextTurnEnd(
  hub: Pick<EventHub, "subscribe">,
  session_id: string,
  signal: AbortSignal,
): { heard: Promise<void>; stop: () => void } {
  const { promise, resolve, reject } = withResolvers();
  const unsubscribe = hub.subscribe({ kind: "session", session_id, sandbox_id: null }, (events) => {
    if (
      events.some(({ event_type }) => event_type === "session_completed" || event_type === "session_failed")
    )
      resolve();
  });
  const gone = () => reject(new ApiError(499, "client_gone", "The caller went away; the turn goes on."));
  signal.addEventListener("abort", gone);
  if (signal.aborted) gone();
  promise.catch(() => undefined);
  return {
    heard: promise,
    stop: () => {
      unsubscribe();
      signal.removeEventListener("abort", gone);
    },
  };
}

/** `Promise.withResolvers`, which Node 20 has not. */
function withResolvers(): { promise: Promise<void>; resolve: () => void; reject: (error: unknown) => void } {
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
