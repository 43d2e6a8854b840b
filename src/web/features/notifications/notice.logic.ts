import type { Envelope, EventData } from "#src/domain/event.ts";
import { formatElapsed } from "#src/lib/format.ts";
import { commandOf, readInput } from "#src/transcript/tool-input.ts";

/** What a person may be told of, each by a switch of its own. */
export const noticeKinds = ["permission", "question", "failed", "finished"] as const;
export type NoticeKind = (typeof noticeKinds)[number];

/** What a notification says. `tag`: another one with the same takes its place. */
export type Notice = { kind: NoticeKind; tag: string; session_id: string; body: string };

/** What the page knows when an event comes. */
export type Facts = {
  wanted: Readonly<Record<NoticeKind, boolean>>;
  /** A person has the session in front of them, in some tab. */
  isLookedAt: boolean;
  /** When the session's turn began, by the server's clock; null when this page knew of none. */
  turn_started_at: string | null;
};

/** A turn shorter than this is history that was read in at once, or left nobody waiting. */
const shortTurnMs = 1000;
const longest = 80;

/** What to tell a person about an event of the list-level stream; null for nothing. */
export function noticeOf(envelope: Envelope, facts: Facts): Notice | null {
  const { session_id } = envelope;
  if (session_id === null || facts.isLookedAt) return null;
  const words = wordsOf(envelope, facts.turn_started_at);
  return words && facts.wanted[words.kind] ? { ...words, session_id } : null;
}

function wordsOf(envelope: Envelope, turn_started_at: string | null): Omit<Notice, "session_id"> | null {
  switch (envelope.event_type) {
    case "permission_request":
      return {
        kind: "permission",
        tag: envelope.data.request_id,
        body: `Permission required: ${cut(toolWords(envelope.data))}`,
      };
    case "user_input_request": {
      const { request_id, title, questions } = envelope.data;
      return {
        kind: "question",
        tag: request_id,
        body: `Question: ${cut(title || questions[0]?.question || "the agent asks something")}`,
      };
    }
    case "session_failed":
    case "session_completed": {
      const { turn_id } = envelope.data;
      if (turn_id === null || turn_started_at === null) return null;
      const ms = Date.parse(envelope.timestamp) - Date.parse(turn_started_at);
      // A turn that somebody stopped ended by that person's hand.
      const isStopped =
        envelope.event_type === "session_completed" && envelope.data.stop_reason === "cancelled";
      if (!(ms >= shortTurnMs) || isStopped) return null;
      const kind = envelope.event_type === "session_failed" ? "failed" : "finished";
      return { kind, tag: turn_id, body: `The turn ${kind} after ${formatElapsed(ms)}` };
    }
    default:
      return null;
  }
}

/** What the tool is to do, without its command: that may be long, and may hold a secret. */
function toolWords({ tool_name, title, tool_input }: EventData["permission_request"]): string {
  const command = commandOf(readInput(tool_input));
  const tellsCommand = command !== null && (title.includes(command) || command.includes(title));
  return title === "" || tellsCommand ? tool_name : title;
}

function cut(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** How long after the stream opened what happened meanwhile may still come. */
const catchUpMs = 10_000;
/** An event that is younger is news even then; the clocks of server and browser may differ a little. */
const freshMs = 15_000;

/** Whether an event is news and not what the stream makes up for after a break. Both in milliseconds. */
export function isNews({ age, sinceOpened }: { age: number; sinceOpened: number }): boolean {
  return sinceOpened > catchUpMs || age <= freshMs;
}
