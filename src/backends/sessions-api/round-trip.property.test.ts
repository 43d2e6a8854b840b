import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type DomainEvent, type Envelope, EnvelopeSchema, type EventType } from "#src/domain/event.ts";
import { arbitraryEventOf } from "#src/testing/arbitrary-events.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript } from "#src/transcript/page.ts";
import { mapEnvelope } from "./map.ts";
import { createMemory, openTurn } from "./memory.ts";
import { Envelope as WireEnvelope } from "./wire.ts";

/** What an agent's turn is told in. The server that holds the session writes the rest itself. */
const told: readonly EventType[] = [
  "text_delta",
  "text_complete",
  "thinking_delta",
  "message_content",
  "tool_use_start",
  "tool_input_delta",
  "tool_update",
  "tool_progress",
  "tool_result",
  "tool_use_complete",
  "plan_updated",
  "usage_updated",
  "file_changed",
  "permission_request",
  "permission_response",
  "user_input_request",
  "user_input_response",
  "session_updated",
  "error",
  "log_line",
  "unparsed",
];

const turns = fc.array(
  fc.record({
    prompt: fc.constantFrom("do it", "again 😀", ""),
    events: fc.array(fc.oneof(...told.map(arbitraryEventOf)), { size: "max", maxLength: 40 }),
    end: fc.oneof(arbitraryEventOf("session_completed"), arbitraryEventOf("session_failed")),
  }),
  { maxLength: 4 },
);

/** The log of a server with these turns: its own prompts and starts, whatever the agent does, one end each. */
const logs: fc.Arbitrary<Envelope[]> = turns.map((made) => {
  let id = 0;
  return made.flatMap(({ prompt, events, end }, index) => {
    const turn_id = `turn${index}`;
    const message_id = `m${index}`;
    const content = [{ type: "text" as const, text: prompt }];
    const all: DomainEvent[] = [
      { event_type: "user_message", data: { message_id, content, turn_id, author: null } },
      { event_type: "turn_started", data: { turn_id, message_id } },
      ...events,
      endOf(end, turn_id),
    ];
    return all.map((event) => {
      id += 1;
      return {
        id: String(id),
        sandbox_id: "x",
        session_id: "s1",
        timestamp: "2026-03-01T10:00:00.000Z",
        ...event,
      };
    });
  });
});

/** An end as the server that owns the turn writes it, whatever the adapter left open. */
function endOf(event: DomainEvent, turn_id: string): DomainEvent {
  const ids = { session_id: "s1", turn_id };
  if (event.event_type === "session_completed") return { ...event, data: { ...event.data, ...ids } };
  if (event.event_type === "session_failed") return { ...event, data: { ...event.data, ...ids } };
  return event;
}

/** The log of the server that is connected to that one, and sent the same prompts. */
function elsewhere(log: readonly Envelope[]): Envelope[] {
  const memory = createMemory("s1", "sandbar");
  let turn_id = "";
  return log.flatMap((envelope): Envelope[] => {
    const wire = WireEnvelope.parse(JSON.parse(JSON.stringify(EnvelopeSchema.parse(envelope))));
    if (envelope.event_type === "user_message") {
      const [block] = envelope.data.content;
      openTurn(memory, block?.type === "text" ? block.text : "");
      // Its own prompt is in its log; the other's copy must add nothing.
      expect(mapEnvelope(wire, memory)).toEqual([]);
      return [envelope];
    }
    if (envelope.event_type === "turn_started") {
      turn_id = envelope.data.turn_id;
      expect(mapEnvelope(wire, memory)).toEqual([]);
      return [envelope];
    }
    const { id, sandbox_id, session_id, timestamp } = envelope;
    return mapEnvelope(wire, memory).map((event) => ({
      id,
      sandbox_id,
      session_id,
      timestamp,
      ...endOf(event, turn_id),
    }));
  });
}

test("a session that goes over the Sessions API to another Sandbar has the same transcript there", () => {
  fc.assert(
    fc.property(logs, (log) => {
      expect(foldAll(emptyTranscript(), elsewhere(log))).toEqual(foldAll(emptyTranscript(), log));
    }),
    { numRuns: 300 },
  );
});
