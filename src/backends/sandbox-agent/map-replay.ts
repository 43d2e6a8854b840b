import type { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { mapUpdate, type SessionMemory } from "./map.ts";
import { contentFromWire } from "./map-content.ts";
import { SessionUpdate } from "./wire.ts";

/** History that `session/load` replays, as whole turns. */
export type Replay = {
  take(update: unknown): DomainEvent[];
  /** What is left when the replay is over: a message nobody answered, the end of the last turn. */
  end(): DomainEvent[];
};

/**
 * A replay has user messages and answers but no turn boundaries, so they are made: a turn runs from a user message to
 * the next one. `prefix` makes the ids of messages and turns that have none.
 */
export function createReplay(memory: SessionMemory, prefix: string): Replay {
  let message: { id: string | null; content: ContentBlock[] } | null = null;
  let turns = 0;
  let open = false;

  function endTurn(): DomainEvent[] {
    if (!open) return [];
    open = false;
    return [
      {
        event_type: "session_completed",
        data: { session_id: "", turn_id: null, stop_reason: "end_turn", duration_ms: null, cost_usd: null },
      },
    ];
  }

  /** Writes the message that its last chunk has now completed, and opens the turn that it began. */
  function startTurn(): DomainEvent[] {
    if (!message) return [];
    turns += 1;
    const turn_id = `${prefix}:turn-${turns}`;
    const message_id = message.id ?? `${prefix}:message-${turns}`;
    const { content } = message;
    message = null;
    const ended = endTurn();
    open = true;
    return [
      ...ended,
      { event_type: "user_message", data: { message_id, content, turn_id, author: null } },
      { event_type: "turn_started", data: { turn_id, message_id } },
    ];
  }

  return {
    take(raw) {
      const update = SessionUpdate.safeParse(raw).data;
      if (update?.sessionUpdate !== "user_message_chunk") return [...startTurn(), ...mapUpdate(raw, memory)];
      const id = update.messageId ?? null;
      const events = message && message.id !== id ? startTurn() : [];
      message ??= { id, content: [] };
      message.content.push(contentFromWire(update.content));
      return events;
    },
    end: () => [...startTurn(), ...endTurn()],
  };
}
