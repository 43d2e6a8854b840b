import type { Envelope, EventData } from "#src/domain/event.ts";
import type { Working } from "./working.ts";

/** A line of a log: lines that follow each other share a row. */
export function foldLogLine(w: Working, data: EventData["log_line"]): void {
  const { newest } = w;
  if (newest?.kind === "log") return w.change(newest.first_event_id);
  w.push({ kind: "log", lines: [{ line: data.line, stream: data.stream }], cut: 0 });
}

export function foldError(w: Working, data: EventData["error"]): void {
  w.push({ kind: "error", message: data.message, code: data.code, details: data.details });
}

export function foldUnparsed(w: Working, data: EventData["unparsed"]): void {
  w.push({ kind: "unparsed", error: data.error, location: data.location, raw: data.raw });
}

/** An event of a type that only a newer server knows: kept and shown. */
export function foldUnknown(w: Working, event: Envelope): void {
  w.push({
    kind: "unparsed",
    error: `This page does not know events of type "${event.event_type}"; reload it to get the newest version.`,
    location: event.event_type,
    raw: event.data,
  });
}
