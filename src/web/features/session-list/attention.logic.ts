import type { Session } from "#src/domain/session.ts";
import { isBusy } from "#src/domain/session-can.ts";
import { compareIds } from "#src/lib/ids.ts";

/** What a session wants of a person, the most urgent first. */
export const attentions = ["permission", "question", "failed", "working", "unread", "rest"] as const;
export type Attention = (typeof attentions)[number];

/** What this browser has seen: of a session its newest event then, of others everything up to `since`. */
export type Seen = { since: string; sessions: Readonly<Record<string, string>> };

type Subject = Pick<
  Session,
  "id" | "state" | "pending_permissions" | "pending_questions" | "last_error" | "last_event_id"
>;

export function isUnread(session: Pick<Session, "id" | "last_event_id">, seen: Seen): boolean {
  return compareIds(session.last_event_id, seen.sessions[session.id] ?? seen.since) > 0;
}

/** Whether its last turn, or it as a whole, failed. */
export function hasFailed({ state, last_error }: Pick<Session, "state" | "last_error">): boolean {
  return state === "failed" || (state === "active" && last_error !== null);
}

/** A failure needs a person until somebody has looked at it. */
export function attentionOf(session: Subject, seen: Seen): Attention {
  if (session.pending_permissions > 0) return "permission";
  if (session.pending_questions > 0) return "question";
  if (hasFailed(session) && isUnread(session, seen)) return "failed";
  if (isBusy({ ...session, stopping: false, archived_at: null })) return "working";
  return isUnread(session, seen) ? "unread" : "rest";
}

export type SessionEntry = { session: Session; attention: Attention };
export type SessionGroup = { name: "Needs you" | "Working" | "Unread" | "Recent"; entries: SessionEntry[] };

const groupOf: Record<Attention, SessionGroup["name"]> = {
  permission: "Needs you",
  question: "Needs you",
  failed: "Needs you",
  working: "Working",
  unread: "Unread",
  rest: "Recent",
};

/**
 * Sessions by what they want, in the order of `attentions`; within one, those that wait longest come first where a person
 * must act, and the newest activity first elsewhere. Empty groups are left out.
 */
export function groupSessions(sessions: readonly Session[], seen: Seen): SessionGroup[] {
  const entries = sessions
    .map((session) => ({ session, attention: attentionOf(session, seen) }))
    .sort(compareEntries);
  const groups = new Map<SessionGroup["name"], SessionEntry[]>();
  for (const entry of entries) {
    const name = groupOf[entry.attention];
    groups.set(name, [...(groups.get(name) ?? []), entry]);
  }
  return [...groups].map(([name, inGroup]) => ({ name, entries: inGroup }));
}

function compareEntries(one: SessionEntry, other: SessionEntry): number {
  const rank = attentions.indexOf(one.attention) - attentions.indexOf(other.attention);
  if (rank !== 0) return rank;
  const newestFirst = other.session.last_activity_at.localeCompare(one.session.last_activity_at);
  const waits = one.attention === "permission" || one.attention === "question";
  return waits ? -newestFirst : newestFirst;
}

/** Those whose title, sandbox, agent or request contains every word. */
export function searchSessions(sessions: readonly Session[], text: string): Session[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return sessions.filter(({ title, sandbox_name, agent, pending_summary }) => {
    const searched = `${title} ${sandbox_name} ${agent} ${pending_summary ?? ""}`.toLowerCase();
    return words.every((word) => searched.includes(word));
  });
}
