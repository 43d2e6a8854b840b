import type { Session } from "#src/domain/session.ts";
import type { Services } from "../../routes/services.ts";
import type { Encoded, LogOwner, UniversalLogs } from "./log.ts";
import type { UniversalEvent } from "./universal.ts";

const KEEPALIVE_MS = 15_000;
const FRAMES_PER_CHUNK = 100;
const RAW_PER_READ = 1_000;

/** Events as they are sent: without `raw`, or with what the agent sent. */
export async function withRaw(
  { hub }: Pick<Services, "hub">,
  owner: LogOwner,
  encoded: readonly Encoded[],
  include_raw: boolean,
): Promise<UniversalEvent[]> {
  if (!include_raw) return encoded.map(({ event }) => event);
  const raws = await readRaws({ hub }, owner, encoded);
  return encoded.map(({ event, stored_id }) => ({
    ...event,
    raw: (stored_id === null ? null : raws.get(stored_id)) ?? null,
  }));
}

async function readRaws(
  { hub }: Pick<Services, "hub">,
  owner: LogOwner,
  encoded: readonly Encoded[],
): Promise<Map<string, unknown>> {
  const ids = encoded.flatMap(({ stored_id }) => (stored_id === null ? [] : [Number(stored_id)]));
  const raws = new Map<string, unknown>();
  const last = ids.at(-1) ?? 0;
  let after = (ids[0] ?? 1) - 1;
  while (after < last) {
    const filter = { kind: "session", session_id: owner.id, sandbox_id: null } as const;
    const stored = await hub.readRaw({ filter, after, limit: RAW_PER_READ });
    for (const event of stored) {
      const own = event.event_type === "unparsed" ? event.data.raw : undefined;
      raws.set(event.id, event.raw ?? own ?? null);
    }
    after = Number(stored.at(-1)?.id ?? last);
  }
  return raws;
}

export type StreamRequest = {
  owner: LogOwner;
  session: Pick<Session, "id">;
  /** The last sequence that the client has. */
  offset: number;
  include_raw: boolean;
  /** Whether this event is the last one to send; without it the stream stays open. */
  isLast?: (event: UniversalEvent) => boolean;
  /** End the stream: the caller went away, or its token was revoked. */
  signals: readonly AbortSignal[];
};

/**
 * A session's events from `offset` on, then each as it happens, as server-sent events. It is read from the log only as
 * fast as the client takes it, so no reader loses anything and none makes the server hold its events.
 */
export function universalStream(
  { hub, logs }: Pick<Services, "hub"> & { logs: UniversalLogs },
  { owner, session, offset, include_raw, isLast, signals }: StreamRequest,
): ReadableStream<Uint8Array> {
  const text = new TextEncoder();
  const signal = AbortSignal.any([...signals]);
  let position = offset;
  let news = true;
  let quiet = false;
  let wake: () => void = () => undefined;
  const hear = (): void => {
    news = true;
    wake();
  };
  const filter = { kind: "session", session_id: session.id, sandbox_id: null } as const;
  const unsubscribe = hub.subscribe(filter, hear);
  const keepalive = setInterval(() => {
    quiet = true;
    wake();
  }, KEEPALIVE_MS);

  function release(): void {
    clearInterval(keepalive);
    unsubscribe();
    signal.removeEventListener("abort", wakeUp);
  }
  const wakeUp = (): void => wake();
  signal.addEventListener("abort", wakeUp);

  /** The next bytes; null at the end. */
  async function next(): Promise<{ chunk: string; done: boolean } | null> {
    for (;;) {
      if (signal.aborted) return null;
      news = false;
      const encoded = (await logs.all(owner)).slice(position, position + FRAMES_PER_CHUNK);
      if (encoded.length > 0) {
        const events = await withRaw({ hub }, owner, encoded, include_raw);
        const last = isLast ? events.findIndex(isLast) : -1;
        const sent = last < 0 ? events : events.slice(0, last + 1);
        position += sent.length;
        return { chunk: sent.map(frameOf).join(""), done: last >= 0 };
      }
      if (quiet) {
        quiet = false;
        return { chunk: ": keepalive\n\n", done: false };
      }
      if (news) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const step = await next();
        if (step) controller.enqueue(text.encode(step.chunk));
        if (step && !step.done) return;
        release();
        controller.close();
      } catch (error) {
        release();
        throw error;
      }
    },
    cancel: release,
  });
}

/** Old parsers read `data:` lines only, so an id may stand beside them (spec 4). */
function frameOf(event: UniversalEvent): string {
  return `id: ${event.sequence}\ndata: ${JSON.stringify(event)}\n\n`;
}

/**
 * Where the stream of one turn ends (spec 2): at the first event after which the agent does not go on by itself. A turn
 * that runs already is told as well; it is not the one.
 */
export function endOfTurn(message_id: string): (event: UniversalEvent) => boolean {
  let own = false;
  return (event) => {
    switch (event.type) {
      case "item.started":
        own ||= event.data.item.native_item_id === message_id;
        return false;
      case "session.ended":
        return true;
      case "turn.ended":
      case "error":
      case "agent.unparsed":
      case "permission.requested":
      case "question.requested":
        return own;
      case "session.started":
      case "turn.started":
      case "item.completed":
      case "item.delta":
      case "permission.resolved":
      case "question.resolved":
        return false;
      default:
        return event satisfies never;
    }
  };
}
