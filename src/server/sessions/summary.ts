import type { ContentBlock } from "#src/domain/content.ts";
import type { DomainEvent } from "#src/domain/event.ts";
import { textOf } from "#src/domain/text.ts";
import { requestWords } from "#src/transcript/request-words.ts";

const MAX = 120;

const firstLine = (text: string): string => {
  const line = text.trim().split("\n", 1)[0]?.trim() ?? "";
  return line.length > MAX ? `${line.slice(0, MAX - 1)}…` : line;
};

/** A request in a few words, for a list: `Bash: rm -rf dist`, or the question itself. */
export function requestSummary(
  event: Extract<DomainEvent, { event_type: "permission_request" | "user_input_request" }>,
): string {
  return firstLine(
    event.event_type === "permission_request"
      ? requestWords({ kind: "permission", ...event.data })
      : requestWords({ kind: "question", ...event.data }),
  );
}

/** A session's title when nobody gave one: the first line of its first prompt. */
export function titleOf(content: readonly ContentBlock[]): string {
  return firstLine(textOf(content)) || "Untitled session";
}

/** A prompt in the queue's list. */
export function promptText(content: readonly ContentBlock[]): string {
  const text = textOf(content);
  const others = content.filter(({ type }) => type !== "text").length;
  return others === 0
    ? text
    : `${text}${text ? " " : ""}(${others} ${others === 1 ? "attachment" : "attachments"})`;
}
