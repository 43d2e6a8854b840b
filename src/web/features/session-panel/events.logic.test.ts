import { expect, it } from "vitest";
import { eventSummary, eventTypes, filterEvents, type LoggedEvent } from "./events.logic.ts";

const event = (id: string, event_type: string, data: unknown, raw?: unknown): LoggedEvent => ({
  id,
  event_type,
  data,
  timestamp: "",
  raw,
});
const events = [
  event("1", "text_delta", { text: "Hello" }),
  event("2", "tool_update", { id: "t" }, { sessionUpdate: "tool_call_update" }),
  event("3", "text_delta", { text: "there" }),
];
const ids = (type: string, text: string) => filterEvents(events, { type, text }).map(({ id }) => id);

it("filters by type and by text, in the payload too", () => {
  expect(ids("", "")).toEqual(["1", "2", "3"]);
  expect(ids("text_delta", "")).toEqual(["1", "3"]);
  expect(ids("", " HELLO ")).toEqual(["1"]);
  expect(ids("", "tool_call_update")).toEqual(["2"]);
  expect(ids("text_delta", "tool")).toEqual([]);
});

it("lists the types", () => expect(eventTypes(events)).toEqual(["text_delta", "tool_update"]));

it.each([
  [{ text: "a\n b" }, "a b"],
  [{ id: 1 }, '{"id":1}'],
  [null, "null"],
])("sums up %j", (data, words) => expect(eventSummary(event("1", "x", data))).toBe(words));
