import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mapEvent } from "#src/backends/sandbox-agent-rest/map.ts";
import { createMemory } from "#src/backends/sandbox-agent-rest/memory.ts";
import { KnownEvent } from "#src/backends/sandbox-agent-rest/wire.ts";
import type { DomainEvent, Envelope } from "#src/domain/event.ts";
import { arbitraryEnvelopes } from "#src/testing/arbitrary-events.ts";
import { foldAll } from "#src/transcript/fold.ts";
import { emptyTranscript } from "#src/transcript/page.ts";
import type { Row } from "#src/transcript/rows.ts";
import { createUniversalLogs, type LogOwner } from "./log.ts";
import type { UniversalEvent } from "./universal.ts";

const owner: LogOwner = {
  id: "s1",
  session_id: "mine",
  native_session_id: "native",
  created_at: "2026-03-01T09:00:00.000Z",
  started: { agent: "mock" },
};

/**
 * The events of a log that holds these, read when it has `upTo` of them and again at its end. What was committed in the
 * moment of the first read is read with it, but not told yet: `told` is as far as the log's cursor is then.
 */
async function encode(log: readonly Envelope[], upTo = log.length, told = upTo): Promise<UniversalEvent[]> {
  let end = upTo;
  let known = told;
  const within = (): readonly Envelope[] => log.slice(0, end);
  const logs = createUniversalLogs({
    cursor: () => Number(log.slice(0, known).at(-1)?.id ?? 0),
    read: ({ after, limit }) =>
      Promise.resolve(
        within()
          .filter(({ id }) => Number(id) > after)
          .slice(0, limit),
      ),
  });
  await logs.all(owner);
  end = log.length;
  known = log.length;
  return (await logs.all(owner)).map(({ event }) => event);
}

describe("any log", () => {
  test("gives events that the schema knows, numbered densely from 1", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEnvelopes(), async (log) => {
        const events = await encode(log);
        expect(events[0]?.type).toBe("session.started");
        events.forEach((event, index) => {
          expect(event.sequence).toBe(index + 1);
          expect(event.event_id).toBe(`evt_${index + 1}`);
          KnownEvent.parse(event);
        });
      }),
    );
  });

  test("gives the same events however it is read", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEnvelopes(), fc.nat(160), fc.nat(160), async (log, cut, behind) => {
        expect(await encode(log, cut, Math.max(0, cut - behind))).toEqual(await encode(log));
      }),
    );
  });

  test("starts every item before its deltas and its end", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEnvelopes(), async (log) => {
        const started = new Set<string>();
        for (const event of await encode(log)) {
          if (event.type === "item.started") {
            expect(started).not.toContain(event.data.item.item_id);
            started.add(event.data.item.item_id);
          }
          if (event.type === "item.delta") expect(started).toContain(event.data.item_id);
          if (event.type === "item.completed") expect(started).toContain(event.data.item.item_id);
        }
      }),
    );
  });

  test("ends with every text item complete and whole once its turn is over", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEnvelopes(), async (log) => {
        const texts = new Map<string, string>();
        for (const event of await encode(log)) {
          if (event.type === "item.delta")
            texts.set(event.data.item_id, (texts.get(event.data.item_id) ?? "") + event.data.delta);
          if (event.type !== "item.completed" || event.data.item.kind !== "message") continue;
          const [part] = event.data.item.content;
          if (part?.type === "reasoning") expect(part.text).toBe(texts.get(event.data.item.item_id));
        }
      }),
    );
  });
});

/** What people would call the same conversation: who said what, which tools ran how, what was asked and answered. */
function conversation(rows: readonly Row[]): unknown[] {
  return rows.flatMap((row): unknown[] => {
    switch (row.kind) {
      case "user":
        return [
          ["user", row.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n")],
        ];
      case "text":
        return [["text", row.text]];
      case "thinking":
        return [["thinking", row.text]];
      case "tool": {
        const { name, input, output, status, permissions } = row.tool;
        const asked = permissions.map(({ request, response }) => [request.request_id, response?.approved]);
        return [["tool", name, input ?? {}, output, status, asked]];
      }
      case "permission":
        return [["permission", row.permission.request.request_id, row.permission.response?.approved]];
      case "question":
        return [
          [
            "question",
            row.question.request.questions[0]?.question ?? row.question.request.title,
            row.question.response?.answers ?? null,
          ],
        ];
      case "turn_end":
        return [["end", row.outcome, row.stop_reason, row.error]];
      case "unparsed":
        return [["unparsed", row.error]];
      case "content":
      case "error":
      case "notice":
      case "log":
        return [];
      default:
        return row satisfies never;
    }
  });
}

function backThroughTheAdapter(events: readonly UniversalEvent[]): Row[] {
  const memory = createMemory();
  let id = 0;
  let turn = 0;
  const log = events.flatMap((event) =>
    mapEvent({ ...event }, memory).map((mapped) => {
      id += 1;
      const base = { id: String(id), sandbox_id: "x", session_id: "s1", timestamp: event.time };
      if (mapped.event_type === "turn_started") {
        turn += 1;
        return { ...base, ...mapped, data: { ...mapped.data, turn_id: `turn-${turn}` } };
      }
      return { ...base, ...mapped };
    }),
  );
  return [...foldAll(emptyTranscript(), log).rows];
}

/** A turn as an agent makes it: its blocks and calls have ids of their own, and what begins also ends. */
const words = fc.constantFrom("one ", "two\n", "# head\n", "é😀", "a b c");
type Step = (turn: number, index: number) => DomainEvent[];
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.array(words, { minLength: 1, maxLength: 4 }).map(
    (texts): Step =>
      (turn, index) =>
        texts.map((text) => ({
          event_type: "text_delta" as const,
          data: { text, block_id: `b${turn}.${index}` },
        })),
  ),
  fc.array(words, { minLength: 1, maxLength: 3 }).map((texts): Step => (turn, index) => [
    ...texts.map((text) => ({
      event_type: "text_delta" as const,
      data: { text, block_id: `b${turn}.${index}` },
    })),
    { event_type: "text_complete" as const, data: { text: texts.join(""), block_id: `b${turn}.${index}` } },
  ]),
  fc.array(words, { minLength: 1, maxLength: 3 }).map(
    (texts): Step =>
      (turn, index) =>
        texts.map((text) => ({
          event_type: "thinking_delta" as const,
          data: { text, block_id: `th${turn}.${index}` },
        })),
  ),
  fc
    .record({
      output: fc.array(words, { maxLength: 3 }),
      failed: fc.boolean(),
      asks: fc.boolean(),
      allowed: fc.boolean(),
    })
    .map(({ output, failed, asks, allowed }): Step => (turn, index) => {
      const id = `t${turn}.${index}`;
      const request_id = `r${turn}.${index}`;
      const request = {
        request_id,
        turn_id: null,
        tool_use_id: id,
        tool_name: "bash",
        title: "",
        tool_input: { command: "ls" },
        risk_level: null,
        directory: null,
        diffs: [],
        options: [],
        message_supported: false,
        expires_at: null,
      };
      const response = {
        request_id,
        tool_name: "bash",
        approved: allowed,
        reply: allowed ? ("once" as const) : ("reject" as const),
        option_name: null,
        message: null,
        state: "answered" as const,
        by: null,
      };
      return [
        {
          event_type: "tool_use_start" as const,
          data: {
            id,
            name: "bash",
            parent_id: null,
            input: { command: "ls" },
            status: "in_progress" as const,
          },
        },
        ...(asks
          ? [
              { event_type: "permission_request" as const, data: request },
              { event_type: "permission_response" as const, data: response },
            ]
          : []),
        ...output.map((text) => ({
          event_type: "tool_update" as const,
          data: { id, output_delta: text },
        })),
        {
          event_type: "tool_result" as const,
          data: { tool_use_id: id, content: output.join(""), is_error: failed },
        },
      ];
    }),
  fc.constantFrom<string[][] | null>([["Red"]], null).map((answers): Step => (turn, index): DomainEvent[] => {
    const request_id = `q${turn}.${index}`;
    return [
      {
        event_type: "user_input_request" as const,
        data: {
          request_id,
          turn_id: null,
          tool_use_id: null,
          title: "",
          questions: [
            {
              id: "q",
              header: null,
              question: `Which, ${index}?`,
              kind: "single" as const,
              options: [{ value: "Red", label: "Red", description: null }],
              allow_other: false,
              required: true,
            },
          ],
          expires_at: null,
        },
      },
      {
        event_type: "user_input_response" as const,
        data: {
          request_id,
          answers,
          state: answers ? ("answered" as const) : ("rejected" as const),
          by: null,
        },
      },
    ];
  }),
  fc.constant((): ReturnType<Step> => [
    { event_type: "unparsed", data: { error: "strange", location: null, raw: {} } },
  ]),
);

const turns = fc.array(
  fc.record({
    prompt: words,
    steps: fc.array(steps, { maxLength: 8 }),
    end: fc.constantFrom("end_turn", "cancelled", "failed"),
  }),
  { maxLength: 4 },
);

const conversations: fc.Arbitrary<Envelope[]> = turns.map((made) => {
  let id = 0;
  return made.flatMap(({ prompt, steps, end }, turn) => {
    const turn_id = `turn${turn}`;
    const message = {
      message_id: `m${turn}`,
      content: [{ type: "text" as const, text: prompt }],
      turn_id,
      author: null,
    };
    const told = [
      { event_type: "user_message", data: message },
      { event_type: "turn_started", data: { turn_id, message_id: message.message_id } },
      ...steps.flatMap((step, index) => step(turn, index)),
      end === "failed"
        ? {
            event_type: "session_failed",
            data: { session_id: "s1", turn_id, error: "it broke", code: null, stderr: null, duration_ms: 1 },
          }
        : {
            event_type: "session_completed",
            data: { session_id: "s1", turn_id, stop_reason: end, duration_ms: 1, cost_usd: null },
          },
    ];
    return told.map((event) => {
      id += 1;
      // Each literal above has the data of its type.
      return {
        id: String(id),
        sandbox_id: "x",
        session_id: "s1",
        timestamp: "2026-03-01T10:00:00.000Z",
        ...event,
      } as Envelope;
    });
  });
});

test("a conversation told in universal events and mapped back by the adapter is the same conversation", async () => {
  await fc.assert(
    fc.asyncProperty(conversations, async (log) => {
      const told = backThroughTheAdapter(await encode(log));
      expect(conversation(told)).toEqual(conversation(foldAll(emptyTranscript(), log).rows));
    }),
    { numRuns: 300 },
  );
});
