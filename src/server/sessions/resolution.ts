import type { DomainEvent } from "#src/domain/event.ts";

/** The same answer under the upstream's id of the request, which is what `absorb` looks for. */
export function renamed(event: DomainEvent, request_id: string): DomainEvent {
  if (event.event_type === "permission_response") return { ...event, data: { ...event.data, request_id } };
  if (event.event_type === "user_input_response") return { ...event, data: { ...event.data, request_id } };
  return event;
}

/** What the log says when somebody else's answer was first: not this one's. */
export function asResolvedElsewhere(event: DomainEvent): DomainEvent {
  if (event.event_type === "permission_response") {
    return { ...event, data: { ...event.data, state: "auto_resolved", by: null, reply: null } };
  }
  if (event.event_type === "user_input_response") {
    return { ...event, data: { ...event.data, state: "auto_resolved", by: null, answers: null } };
  }
  return event;
}
