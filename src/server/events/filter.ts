import { listEvents } from "#src/contract/list-events.ts";
import type { Envelope, EventType } from "#src/domain/event.ts";

/**
 * Which events a reader wants. `browser`: what lists and badges show, of everything, and all of the named sessions.
 * `session`: one conversation, with its sandbox's own events when `sandbox_id` is given (Sessions API, section 4).
 */
export type EventFilter =
  | { kind: "all" }
  | { kind: "browser"; session_ids: readonly string[] }
  | { kind: "session"; session_id: string; sandbox_id: string | null }
  | { kind: "sandbox"; sandbox_id: string };

type Subject = Pick<Envelope, "event_type" | "sandbox_id" | "session_id">;

/** Whether the event changes a list, so that every browser gets it. */
export function isListed(event_type: EventType): boolean {
  return listEvents.has(event_type);
}

/** The filter as a predicate; `readEvents` of the store says the same in SQL. */
export function matches(filter: EventFilter, event: Subject): boolean {
  switch (filter.kind) {
    case "all":
      return true;
    case "browser":
      return (
        isListed(event.event_type) ||
        (event.session_id !== null && filter.session_ids.includes(event.session_id))
      );
    case "session":
      if (event.session_id !== null) return event.session_id === filter.session_id;
      return filter.sandbox_id !== null && event.sandbox_id === filter.sandbox_id;
    case "sandbox":
      return event.sandbox_id === filter.sandbox_id;
    default:
      return filter satisfies never;
  }
}
