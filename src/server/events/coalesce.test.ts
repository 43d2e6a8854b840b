import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { LinkEvent } from "#src/backends/backend.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { COALESCE_MS, createCoalescer } from "./coalesce.ts";
import type { Schedule } from "./schedule.ts";

/** Time that passes when the test says so. */
function setUp() {
  const emitted: LinkEvent[] = [];
  let pending: { run: () => void; delay_ms: number } | null = null;
  const schedule: Schedule = (run, delay_ms) => {
    pending = { run, delay_ms };
    return () => {
      pending = null;
    };
  };
  const coalescer = createCoalescer((event) => emitted.push(event), schedule);
  return {
    emitted,
    coalescer,
    push: (event: DomainEvent) => coalescer.push({ event }),
    events: () => emitted.map(({ event }) => event),
    timer: () => pending?.delay_ms ?? null,
    tick: () => {
      const due = pending;
      pending = null;
      due?.run();
    },
  };
}

const text = (words: string, block_id?: string): DomainEvent => ({
  event_type: "text_delta",
  data: { text: words, block_id },
});
const thinking = (words: string): DomainEvent => ({ event_type: "thinking_delta", data: { text: words } });
const output = (id: string, output_delta: string): DomainEvent => ({
  event_type: "tool_update",
  data: { id, output_delta },
});
const input = (id: string, partial_json: string): DomainEvent => ({
  event_type: "tool_input_delta",
  data: { id, partial_json },
});
const done: DomainEvent = { event_type: "tool_use_complete", data: { id: "t1" } };

test("deltas of one block become one event when the time is up", () => {
  const { push, events, timer, tick } = setUp();
  push(text("a", "b1"));
  push(text("b", "b1"));
  expect(events()).toEqual([]);
  expect(timer()).toBe(COALESCE_MS);
  tick();
  expect(events()).toEqual([text("ab", "b1")]);
});

test.each<[string, DomainEvent[], DomainEvent[]]>([
  ["another event", [text("a"), text("b"), done, text("c")], [text("ab"), done, text("c")]],
  [
    "another block",
    [text("a", "b1"), text("b", "b2"), text("c", "b1")],
    [text("a", "b1"), text("b", "b2"), text("c", "b1")],
  ],
  ["thinking", [text("a"), thinking("b"), text("c")], [text("a"), thinking("b"), text("c")]],
  ["a tool", [text("a"), output("t1", "x"), text("b")], [text("a"), output("t1", "x"), text("b")]],
  [
    "an update that says more",
    [
      output("t1", "x"),
      { event_type: "tool_update", data: { id: "t1", output_delta: "y", status: "completed" } },
    ],
    [
      output("t1", "x"),
      { event_type: "tool_update", data: { id: "t1", output_delta: "y", status: "completed" } },
    ],
  ],
])("%s ends a block at once, in order", (_name, pushed, expected) => {
  const { push, events, coalescer } = setUp();
  for (const event of pushed) push(event);
  coalescer.flush();
  expect(events()).toEqual(expected);
});

test("tools that run side by side are gathered side by side", () => {
  const { push, events, tick } = setUp();
  for (const event of [
    output("t1", "a"),
    output("t2", "x"),
    output("t1", "b"),
    input("t3", "{"),
    output("t2", "y"),
  ])
    push(event);
  tick();
  expect(events()).toEqual([output("t1", "ab"), output("t2", "xy"), input("t3", "{")]);
});

test("every payload is kept, and the last cursor", () => {
  const { coalescer, emitted } = setUp();
  coalescer.push({ event: text("a"), raw: { n: 1 }, cursor: "1" });
  coalescer.push({ event: text("b"), raw: { n: 2 }, cursor: "2" });
  coalescer.push({ event: text("c") });
  coalescer.flush();
  expect(emitted).toEqual([{ event: text("abc"), raw: { coalesced: [{ n: 1 }, { n: 2 }] }, cursor: "2" }]);
});

test("a flush calls the timer off", () => {
  const { push, coalescer, timer } = setUp();
  push(text("a"));
  coalescer.flush();
  expect(timer()).toBeNull();
});

test("whatever comes, each block says the same, and what is no delta stays where it was", () => {
  const event = fc.oneof(
    fc
      .tuple(fc.string({ maxLength: 3 }), fc.constantFrom("b1", "b2", undefined))
      .map(([words, id]) => text(words, id)),
    fc.string({ maxLength: 3 }).map(thinking),
    fc
      .tuple(fc.constantFrom("t1", "t2"), fc.string({ maxLength: 3 }))
      .map(([id, words]) => output(id, words)),
    fc.tuple(fc.constantFrom("t1", "t2"), fc.string({ maxLength: 3 })).map(([id, words]) => input(id, words)),
    fc.constant(done),
  );
  const step = fc.oneof(
    { weight: 5, arbitrary: event },
    { weight: 1, arbitrary: fc.constant("tick" as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { push, events, tick, coalescer } = setUp();
      const pushed: DomainEvent[] = [];
      for (const next of steps) {
        if (next === "tick") tick();
        else {
          pushed.push(next);
          push(next);
        }
      }
      coalescer.flush();
      expect(said(events())).toEqual(said(pushed));
      expect(events().length).toBeLessThanOrEqual(pushed.length);
    }),
  );
});

/**
 * What a reader sees: stretches between events that are no deltas; in a stretch, text and thinking in their order (and
 * cut where tools spoke between), and for each tool all that it said since.
 */
function said(events: readonly DomainEvent[]): unknown[] {
  const stretches: { text: [string, string][]; tools: Record<string, string> }[] = [{ text: [], tools: {} }];
  const inOrder: unknown[] = [];
  for (const { event_type, data } of events) {
    const stretch = stretches.at(-1)!;
    if (event_type === "text_delta" || event_type === "thinking_delta") {
      const block = `${event_type} ${data.block_id}`;
      const last = stretch.text.at(-1);
      if (last?.[0] === block && Object.keys(stretch.tools).length === 0) last[1] += data.text;
      else stretches.push({ text: [[block, data.text]], tools: {} });
    } else if (event_type === "tool_update") {
      const key = `output ${data.id}`;
      stretch.tools[key] = (stretch.tools[key] ?? "") + data.output_delta;
    } else if (event_type === "tool_input_delta") {
      const key = `input ${data.id}`;
      stretch.tools[key] = (stretch.tools[key] ?? "") + data.partial_json;
    } else {
      inOrder.push(event_type);
      stretches.push({ text: [], tools: {} });
    }
  }
  return [inOrder, stretches.filter(({ text, tools }) => text.length > 0 || Object.keys(tools).length > 0)];
}
