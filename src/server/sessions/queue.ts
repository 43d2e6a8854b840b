import type { DomainEvent } from "#src/domain/event.ts";
import type { ContentBlock } from "#src/domain/content.ts";
import type { Session } from "#src/domain/session.ts";
import { createSerial, type Serial } from "#src/lib/serial.ts";
import { deleteQueued, insertQueued, listQueue, type QueuedPrompt } from "../store/queue.ts";
import type { Db } from "../store/schema.ts";
import type { SessionDeps } from "./deps.ts";
import type { Dequeued, Prompt } from "./live-session.ts";
import { promptText } from "./summary.ts";

type Owner = Pick<Session, "id" | "sandbox_id">;

type Wiring = {
  deps: SessionDeps;
  begin: (session_id: string, prompt: Prompt, dequeued: Dequeued) => Promise<void>;
  isBusy: (session_id: string) => boolean;
};

/**
 * Prompts that wait for a running turn, first in first out. The queue lives in the store: what is removed is truly gone,
 * and what waits survives a restart.
 */
export function createQueue({ deps, begin, isBusy }: Wiring) {
  const { db } = deps.store;
  const lines = new Map<string, Serial>();

  function serial(session_id: string): Serial {
    const line = lines.get(session_id) ?? createSerial();
    lines.set(session_id, line);
    return line;
  }

  async function change(
    session: Owner,
    alongside: (trx: Db) => Promise<void>,
    left: QueuedPrompt[],
  ): Promise<void> {
    const event = queueUpdated(left);
    await deps.hub.append([{ sandbox_id: session.sandbox_id, session_id: session.id, event }], { alongside });
  }

  async function drainOne(session_id: string): Promise<void> {
    if (isBusy(session_id)) return;
    const [head, ...rest] = await listQueue(db, session_id);
    if (!head) return;
    const session = await db
      .selectFrom("sessions")
      .select("state")
      .where("id", "=", session_id)
      .executeTakeFirst();
    if (!session || session.state === "completed" || session.state === "failed") return;
    const { id: message_id, content, author } = head;
    const alongside = (trx: Db) => deleteQueued(trx, message_id);
    await begin(session_id, { message_id, content, author }, { event: queueUpdated(rest), alongside });
  }

  return {
    list: (session_id: string): Promise<QueuedPrompt[]> => listQueue(db, session_id),

    add: (session: Owner, { message_id, content, author }: Prompt): Promise<void> =>
      serial(session.id)(async () => {
        const waiting = await listQueue(db, session.id);
        const entry = { id: message_id, content, author, queued_at: new Date(deps.now()).toISOString() };
        await change(session, (trx) => insertQueued(trx, session.id, entry), [...waiting, entry]);
      }),

    /** Takes a prompt out; null when it is no longer there (its turn has begun). */
    remove: (session: Owner, message_id: string): Promise<{ content: ContentBlock[] | null; left: number }> =>
      serial(session.id)(async () => {
        const waiting = await listQueue(db, session.id);
        const entry = waiting.find(({ id }) => id === message_id);
        if (!entry) return { content: null, left: waiting.length };
        const left = waiting.filter((other) => other !== entry);
        await change(session, (trx) => deleteQueued(trx, message_id), left);
        return { content: entry.content, left: left.length };
      }),

    /** Begins the next prompt's turn if none runs. */
    drain(session_id: string): void {
      serial(session_id)(() => drainOne(session_id)).catch((error: unknown) => {
        deps.logger.error({ session_id, error }, "a queued prompt could not be sent");
      });
    },
  };
}

function queueUpdated(left: readonly QueuedPrompt[]): DomainEvent {
  const queue = left.map(({ id, content, queued_at }) => ({
    id,
    prompt_text: promptText(content),
    queued_at,
  }));
  return { event_type: "queue_updated", data: { queue, queue_length: left.length } };
}
