/** An event of the log as the API lists it. */
export type LoggedEvent = {
  id: string;
  event_type: string;
  data: unknown;
  timestamp: string;
  raw?: unknown;
};

/** What the list shows: everything, one type, or what contains a text anywhere in it. */
export type EventFilter = { type: string; text: string };

/** The events that pass, in their order. The text is looked for in the data and in what the backend sent. */
export function filterEvents(events: readonly LoggedEvent[], { type, text }: EventFilter): LoggedEvent[] {
  const wanted = text.trim().toLowerCase();
  return events.filter((event) => {
    if (type !== "" && event.event_type !== type) return false;
    return wanted === "" || textOfEvent(event).includes(wanted);
  });
}

/** The types that occur, by name. */
export function eventTypes(events: readonly LoggedEvent[]): string[] {
  return [...new Set(events.map((event) => event.event_type))].sort();
}

/** The first words of an event's data: enough to tell it from its neighbours. */
export function eventSummary({ data }: LoggedEvent): string {
  if (typeof data !== "object" || data === null) return String(data);
  const named = [
    "text",
    "title",
    "message",
    "line",
    "error",
    "output_delta",
    "question",
    "name",
    "change",
    "status",
  ];
  const fields = new Map(Object.entries(data));
  const value = named
    .map((name) => fields.get(name))
    .find((field) => typeof field === "string" && field !== "");
  return String(value ?? JSON.stringify(data))
    .replaceAll(/\s+/g, " ")
    .slice(0, 200);
}

const texts = new WeakMap<LoggedEvent, string>();

function textOfEvent(event: LoggedEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify([event.id, event.event_type, event.data, event.raw]).toLowerCase();
  texts.set(event, text);
  return text;
}
