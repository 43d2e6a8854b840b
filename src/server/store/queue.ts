import * as z from "zod";
import { ContentBlock } from "#src/domain/content.ts";
import { parseJson } from "./json.ts";
import type { Db } from "./schema.ts";

/** A prompt that waits for the running turn to end. */
export type QueuedPrompt = { id: string; content: ContentBlock[]; author: string | null; queued_at: string };

const Content = z.array(ContentBlock);

/** What waits, the next one first. */
export async function listQueue(db: Db, session_id: string): Promise<QueuedPrompt[]> {
  const rows = await db
    .selectFrom("queue")
    .select(["id", "content", "author", "queued_at"])
    .where("session_id", "=", session_id)
    .orderBy("position")
    .execute();
  return rows.map(({ content, ...row }) => ({ ...row, content: parseJson(Content, content) }));
}

/** Adds a prompt at the end. */
export async function insertQueued(db: Db, session_id: string, prompt: QueuedPrompt): Promise<void> {
  const { last } = await db
    .selectFrom("queue")
    .select(({ fn }) => fn.max("position").as("last"))
    .where("session_id", "=", session_id)
    .executeTakeFirstOrThrow();
  await db
    .insertInto("queue")
    .values({ ...prompt, session_id, position: (last ?? 0) + 1, content: JSON.stringify(prompt.content) })
    .execute();
}

export async function deleteQueued(db: Db, id: string): Promise<void> {
  await db.deleteFrom("queue").where("id", "=", id).execute();
}
