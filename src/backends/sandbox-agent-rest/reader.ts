import type { LinkEvent } from "#src/backends/backend.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { unparsed } from "./map-item.ts";
import { releaseHeld } from "./map-request.ts";
import { completeTurn, mapEvent } from "./map.ts";
import { createMemory, openTurn, type SessionMemory, type TurnMemory } from "./memory.ts";
import { type SilenceLimits, silenceLimit } from "./turn-end.ts";
import type { UniversalEvent } from "./wire.ts";

export type ReaderTiming = {
  /** How long a permission waits for the event that may resolve it at once, in ms. */
  hold_ms: number;
  silence: SilenceLimits;
};

export type ReaderConfig = { agent: string; emit: (event: LinkEvent) => void; timing: ReaderTiming };

/** Turns a session's universal events into link events, and keeps the two clocks that the mapping needs. */
export type Reader = {
  readonly memory: SessionMemory;
  /** Takes an event in; `shown` is false for history that was told before. */
  take(event: UniversalEvent, shown: boolean): void;
  junk(error: string, raw: string): void;
  /** Opens the turn of a prompt that is about to be sent. */
  beginTurn(prompt: string): TurnMemory;
  /** Forgets a turn whose prompt was refused. */
  dropTurn(turn: TurnMemory): void;
  /** Everything was read: from now on silence means something. */
  live(): void;
  stop(): void;
};

export function createReader({ agent, emit, timing }: ReaderConfig): Reader {
  const memory = createMemory();
  let isLive = false;
  let cursor: string | undefined;
  let hold: ReturnType<typeof setTimeout> | undefined;
  let silence: ReturnType<typeof setTimeout> | undefined;

  function emitAll(events: readonly DomainEvent[], raw?: unknown): void {
    for (const [index, event] of events.entries()) {
      emit({ event, cursor, ...(index === 0 && raw !== undefined && { raw }) });
    }
  }

  function wind(): void {
    clearTimeout(hold);
    clearTimeout(silence);
    if (!isLive) return;
    if (memory.held) hold = setTimeout(() => emitAll(releaseHeld(memory)), timing.hold_ms);
    const limit = silenceLimit(agent, memory, timing.silence);
    if (limit !== null) silence = setTimeout(() => emitAll(completeTurn("end_turn", memory)), limit);
  }

  return {
    memory,
    take(event, shown) {
      const before = cursor;
      const held = memory.held?.events ?? [];
      const events = mapEvent(event, memory);
      cursor = String(event.sequence);
      if (shown) {
        // What was held is the previous event's.
        const [released, own] = partition(events, (mapped) => held.includes(mapped));
        for (const mapped of released) emit({ event: mapped, cursor: before });
        emitAll(own, event);
      } else {
        // It was shown before; the next event must not show it again.
        releaseHeld(memory);
      }
      wind();
    },
    junk(error, raw) {
      emitAll([unparsed(error, "events", raw)]);
    },
    beginTurn(prompt) {
      const turn = openTurn(memory, prompt);
      wind();
      return turn;
    },
    dropTurn(turn) {
      if (memory.turn === turn) memory.turn = null;
      wind();
    },
    live() {
      isLive = true;
      wind();
    },
    stop() {
      isLive = false;
      wind();
    },
  };
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
