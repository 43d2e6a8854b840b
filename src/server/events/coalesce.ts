import type { LinkEvent } from "#src/backends/backend.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { after, type Schedule } from "./schedule.ts";

/** How long deltas of one block are gathered into one event, in ms (design §6). */
export const COALESCE_MS = 33;

/** Gathers the deltas of one session between its adapter and the log. Every other event passes at once, in its order. */
export type Coalescer = {
  push(event: LinkEvent): void;
  /** Lets go of what is gathered, before something that must come after it. */
  flush(): void;
};

/**
 * Deltas that may wait together. Text of one block waits only for its own kind, so that blocks keep their order; output
 * and input of several tools land on cards of their own, so they may pass one another.
 */
type Lane = { lane: string; key: string };

export function createCoalescer(emit: (event: LinkEvent) => void, schedule: Schedule = after): Coalescer {
  let lane = "";
  let gathered = new Map<string, LinkEvent[]>();
  let cancelTimer: (() => void) | null = null;

  function flush(): void {
    cancelTimer?.();
    cancelTimer = null;
    const groups = gathered;
    gathered = new Map();
    for (const group of groups.values()) emit(joined(group));
  }

  return {
    push: (event) => {
      const delta = laneOf(event.event);
      if (!delta) {
        flush();
        emit(event);
        return;
      }
      if (delta.lane !== lane) flush();
      lane = delta.lane;
      const group = gathered.get(delta.key);
      if (group) group.push(event);
      else gathered.set(delta.key, [event]);
      cancelTimer ??= schedule(flush, COALESCE_MS);
    },
    flush,
  };
}

/** Null for an event that must not wait. */
function laneOf({ event_type, data }: DomainEvent): Lane | null {
  switch (event_type) {
    case "text_delta":
    case "thinking_delta": {
      const block = `${event_type} ${data.block_id ?? ""}`;
      return { lane: block, key: block };
    }
    case "tool_input_delta":
      return { lane: "tools", key: `input ${data.id}` };
    case "tool_update": {
      const { id, output_delta, ...others } = data;
      const onlyDelta = output_delta !== undefined && Object.keys(others).length === 0;
      return onlyDelta ? { lane: "tools", key: `output ${id}` } : null;
    }
    default:
      return null;
  }
}

/** One event that does what all of them do; it resumes after the last, and keeps every payload. */
function joined(group: readonly LinkEvent[]): LinkEvent {
  const [first, ...rest] = group;
  if (!first) throw new Error("a group of deltas has at least one");
  if (rest.length === 0) return first;
  const raws = group.flatMap(({ raw }) => (raw === undefined ? [] : [raw]));
  const cursor = group.findLast((event) => event.cursor !== undefined)?.cursor;
  return {
    event: joinedEvent(
      first.event,
      rest.map(({ event }) => event),
    ),
    ...(raws.length > 0 ? { raw: { coalesced: raws } } : {}),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

function joinedEvent(first: DomainEvent, rest: readonly DomainEvent[]): DomainEvent {
  const tail = rest.map(deltaText).join("");
  switch (first.event_type) {
    case "text_delta":
    case "thinking_delta":
      return { ...first, data: { ...first.data, text: first.data.text + tail } };
    case "tool_input_delta":
      return { ...first, data: { ...first.data, partial_json: first.data.partial_json + tail } };
    case "tool_update":
      return { ...first, data: { ...first.data, output_delta: (first.data.output_delta ?? "") + tail } };
    default:
      throw new Error(`${first.event_type} has no text to join`);
  }
}

function deltaText({ event_type, data }: DomainEvent): string {
  switch (event_type) {
    case "text_delta":
    case "thinking_delta":
      return data.text;
    case "tool_input_delta":
      return data.partial_json;
    case "tool_update":
      return data.output_delta ?? "";
    default:
      throw new Error(`${event_type} has no text to join`);
  }
}
