import type * as z from "zod";
import { type Envelope, eventData, type EventType } from "#src/domain/event.ts";

/** An event as a test writes it: fields with a default may be left out. */
export type Told = {
  [T in EventType]: readonly [type: T, data: z.input<(typeof eventData)[T]>];
}[EventType];

const START = Date.parse("2026-03-01T10:00:00.000Z");

/** When the event with this id was stored: one second each. */
export function timeOf(id: number): string {
  return new Date(START + id * 1000).toISOString();
}

/** A session's log: the events in order, ids from 1, checked against their schemas. */
export function eventLog(...told: Told[]): Envelope[] {
  return told.map(([event_type, data], index) =>
    envelope(index + 1, event_type, eventData[event_type].parse(data)),
  );
}

/** One stored event, of any type and shape: also of types that only a newer server knows. */
export function envelope(id: number, event_type: string, data: unknown): Envelope {
  const stored = { id: String(id), sandbox_id: "sandbox", session_id: "session", timestamp: timeOf(id) };
  // The wire promises no more than this; what is told above was parsed by its own schema.
  return { ...stored, event_type, data } as Envelope;
}
