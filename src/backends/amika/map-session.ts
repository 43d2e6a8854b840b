import type { UpstreamSession } from "#src/backends/backend.ts";
import { WireMessage, type WireSession } from "./wire.ts";

const STATES: ReadonlyMap<string, UpstreamSession["state"]> = new Map([
  ["active", "active"],
  ["completed", "completed"],
  ["ended", "completed"],
  ["failed", "failed"],
]);

/** A session in the domain's words; a status nobody knows counts as active and is kept in the metadata. */
export function toSession(wire: WireSession): UpstreamSession {
  const { messages: _transcript, ...metadata } = wire.metadata;
  const state = STATES.get(wire.status);
  return {
    ref: wire.id,
    agent: wire.agent_name,
    title: titleOf(wire),
    state: state ?? "active",
    created_at: wire.created_at ?? null,
    updated_at: wire.updated_at ?? null,
    metadata: { ...metadata, ...(!state && { status: wire.status }) },
  };
}

/** Amika has no titles: Sandbar keeps its own in the metadata. */
export function titleOf({ metadata, preview }: WireSession): string | null {
  return typeof metadata.title === "string" && metadata.title !== "" ? metadata.title : (preview ?? null);
}

/** One message of a transcript, as text. */
export type Message = {
  role: string;
  text: string;
  is_error: boolean;
  timestamp: string | null;
  raw: unknown;
};

/** The transcript that a session carries in its metadata (spec 1.4), or null when it carries none. */
export function transcriptOf({ metadata }: WireSession): Message[] | null {
  return Array.isArray(metadata.messages) ? toMessages(metadata.messages) : null;
}

/** Messages of a transcript. Each keeps its place: what is no message counts as one of the role `unknown`. */
export function toMessages(list: readonly unknown[]): Message[] {
  return list.map((raw) => {
    const message = WireMessage.safeParse(raw).data;
    if (!message)
      return { role: "unknown", text: JSON.stringify(raw), is_error: false, timestamp: null, raw };
    const { role, content, is_error, timestamp } = message;
    return { role, text: textOf(content), is_error: is_error === true, timestamp: timestamp ?? null, raw };
  });
}

/** Content is a string by all reports; blocks of text are joined, and anything else is shown as it is. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (content === null || content === undefined) return "";
  const texts = Array.isArray(content) ? content.map(blockText) : [null];
  return texts.every((text) => text !== null) ? texts.join("\n\n") : JSON.stringify(content);
}

function blockText(block: unknown): string | null {
  if (typeof block !== "object" || block === null || !("text" in block)) return null;
  return typeof block.text === "string" ? block.text : null;
}
