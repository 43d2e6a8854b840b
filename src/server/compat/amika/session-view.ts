import type { Message } from "#src/domain/content.ts";
import type { Session } from "#src/domain/session.ts";
import { textOf } from "#src/domain/text.ts";
import { ORG_ID } from "./sandbox-view.ts";

/** A message as this API shows transcripts: its text. */
export type ChatMessage = { role: string; content: string; timestamp: string; is_error?: boolean };

/** A session as this API tells it (spec 1.4). */
export function sessionView(session: Session, messages?: readonly Message[]) {
  return {
    id: session.id,
    sandbox_id: session.sandbox_id,
    org_id: ORG_ID,
    agent_name: session.agent,
    status: statusWord(session),
    started_at: session.created_at,
    ended_at: endedAt(session),
    // Clients that keep their own list of messages get that back.
    metadata: { ...(messages ? { messages: messages.map(chatMessage) } : {}), ...session.metadata },
    created_at: session.created_at,
    updated_at: session.updated_at,
    preview: session.title,
  };
}

/** The same session as a row of the chats of all sandboxes (spec 1.5). */
export function chatView(session: Session) {
  return {
    session_id: session.id,
    sandbox_id: session.sandbox_id,
    sandbox_name: session.sandbox_name,
    agent: session.agent,
    status: statusWord(session),
    preview: session.title || null,
    started_at: session.created_at,
    ended_at: endedAt(session),
    created_at: session.created_at,
    updated_at: session.updated_at,
    model: optionValue(session, "model"),
    effort: optionValue(session, "thought_level"),
  };
}

/** Content other than text is left out: this API has text only. */
export function chatMessage({ role, content, timestamp }: Message): ChatMessage {
  return { role, content: textOf(content), timestamp, ...(role === "user" ? {} : { is_error: false }) };
}

/** The states that a status of this API means; null for a word that none has. */
export function statesOf(status: string): Session["state"][] | null {
  if (status === "active") return ["active", "processing", "waiting_for_input"];
  return status === "completed" || status === "failed" ? [status] : null;
}

function statusWord({ state }: Session): "active" | "completed" | "failed" {
  return state === "completed" || state === "failed" ? state : "active";
}

function endedAt(session: Session): string | null {
  return statusWord(session) === "active" ? null : session.updated_at;
}

function optionValue({ options }: Session, category: string): string | null {
  const value = options.find((option) => option.category === category)?.value;
  return typeof value === "string" ? value : null;
}
