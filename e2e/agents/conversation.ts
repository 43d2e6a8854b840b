import { expect } from "@playwright/test";
import type { PendingRequest } from "#src/domain/request.ts";
import type { Session } from "#src/domain/session.ts";
import type { Row, RowKind, RowOf, SessionView, ToolCall } from "#src/transcript/rows.ts";
import type { TestServer } from "../server.ts";

/** One session, as a person drives it: what is said and answered goes in, rows come out. */
export type Conversation = {
  id: string;
  session(): Promise<Session>;
  view(): Promise<SessionView>;
  rows<K extends RowKind>(kind: K): Promise<RowOf<K>[]>;
  /** The newest row of a kind; fails when there is none. */
  last<K extends RowKind>(kind: K): Promise<RowOf<K>>;
  lastTool(): Promise<ToolCall>;
  /** Everything the agent said, joined. */
  text(): Promise<string>;
  /** Sends a prompt without waiting for its turn. */
  say(message: string): Promise<void>;
  /** Sends a prompt and waits for the end of its turn. */
  ask(message: string): Promise<RowOf<"turn_end">>;
  /** Waits until so many turns have ended; the newest end. */
  ended(turns: number): Promise<RowOf<"turn_end">>;
  pending(): Promise<PendingRequest[]>;
  /** Waits for the agent to ask for a permission. */
  permission(): Promise<PendingRequest & { kind: "permission" }>;
  /** Answers the permission the agent asks for next. */
  answer(reply: "once" | "always" | "reject"): Promise<void>;
  interrupt(): Promise<void>;
};

/** Starts a session with `agent` in a sandbox. */
export async function startConversation(
  server: TestServer,
  sandbox_id: string,
  agent: string,
): Promise<Conversation> {
  const { id } = await server.api<Session>("POST", `/sandboxes/${sandbox_id}/sessions`, { agent });
  return conversationOf(server, id);
}

/** A session that is there already. */
export function conversationOf(server: TestServer, id: string): Conversation {
  const page = () =>
    server.api<{ rows: Row[]; view: SessionView }>("GET", `/sessions/${id}/transcript?limit=2000`);

  async function rows<K extends RowKind>(kind: K): Promise<RowOf<K>[]> {
    const isKind = (row: Row): row is RowOf<K> => row.kind === kind;
    return (await page()).rows.filter(isKind);
  }

  async function last<K extends RowKind>(kind: K): Promise<RowOf<K>> {
    const row = (await rows(kind)).at(-1);
    if (!row) throw new Error(`the transcript has no ${kind} row`);
    return row;
  }

  async function ended(turns: number): Promise<RowOf<"turn_end">> {
    await expect.poll(async () => (await rows("turn_end")).length, { timeout: 60_000 }).toBe(turns);
    return last("turn_end");
  }

  async function say(message: string): Promise<void> {
    await server.api("POST", `/sessions/${id}/messages`, { message }, { prefer: "respond-async" });
  }

  async function pending(): Promise<PendingRequest[]> {
    return (await server.api<{ items: PendingRequest[] }>("GET", `/sessions/${id}/pending`)).items;
  }

  async function permission(): Promise<PendingRequest & { kind: "permission" }> {
    await expect.poll(async () => (await pending()).length, { timeout: 60_000 }).toBe(1);
    const [request] = await pending();
    if (request?.kind !== "permission") throw new Error(`the agent asked a ${request?.kind}`);
    return request;
  }

  return {
    id,
    session: () => server.api<Session>("GET", `/sessions/${id}?messages=0`),
    view: async () => (await page()).view,
    rows,
    last,
    lastTool: async () => (await last("tool")).tool,
    text: async () => (await rows("text")).map(({ text }) => text).join("\n"),
    say,
    async ask(message) {
      const before = (await rows("turn_end")).length;
      await say(message);
      return ended(before + 1);
    },
    ended,
    pending,
    permission,
    async answer(reply) {
      const request = await permission();
      await server.api("POST", `/sessions/${id}/permissions/${request.id}/respond`, { reply });
    },
    interrupt: async () => {
      await server.api("POST", `/sessions/${id}/interrupt`);
    },
  };
}
