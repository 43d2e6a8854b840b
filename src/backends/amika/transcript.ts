import { BackendError } from "#src/backends/backend-error.ts";
import type { Exchange } from "#src/backends/backend.ts";
import { type Api, sessionPath } from "./api.ts";
import { isNoRoute } from "./errors.ts";
import { type Message, toMessages, transcriptOf } from "./map-session.ts";
import { Chat, WireSession } from "./wire.ts";

/** A session of a sandbox, and how calls for it are made. */
export type SessionAddress = {
  sandbox_ref: string;
  session_ref: string;
  signal: AbortSignal;
  onExchange?: (exchange: Exchange) => void;
};

export type Seen = {
  session: WireSession;
  /** Null: this server keeps no transcript. */
  messages: Message[] | null;
};

/** Reads a session with its transcript, from its metadata or, where those have none, from the org-wide chats. */
export async function readSession(api: Api, address: SessionAddress): Promise<Seen> {
  const { sandbox_ref, session_ref, signal, onExchange } = address;
  const path = sessionPath(sandbox_ref, session_ref);
  const session = await api.http.json({ path, signal, onExchange }, WireSession).catch(goneSentence);
  return { session, messages: transcriptOf(session) ?? (await readChat(api, address)) };
}

async function readChat({ http, features }: Api, address: SessionAddress): Promise<Message[] | null> {
  const { session_ref, signal, onExchange } = address;
  if (features.chats === false) return null;
  const path = `/agent-sessions/${encodeURIComponent(session_ref)}`;
  try {
    const { messages } = await http.json({ path, signal, onExchange }, Chat);
    return toMessages(messages);
  } catch (error) {
    if (isNoRoute(error) || (error instanceof BackendError && error.code === "not_found")) return null;
    throw error;
  }
}

function goneSentence(error: unknown): never {
  if (!(error instanceof BackendError) || error.code !== "not_found") throw error;
  throw new BackendError(
    "not_found",
    "Amika does not know this session any more. What was said stays here; start a new session to go on.",
    { cause: error, details: error.details },
  );
}
