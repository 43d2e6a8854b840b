import type { PendingRequest, Permission, Reply, UserInput } from "#src/domain/request.ts";
import { fromFolder } from "#src/lib/from-folder.ts";
import { requestedOf } from "./tool-diffs.ts";
import { pathOf, readInput, textField } from "./tool-input.ts";

/** The part of a request that says what it is about; an event that asks has the same fields. */
export type Asked =
  | Pick<Permission, "kind" | "tool_name" | "title" | "tool_input" | "diffs" | "directory">
  | Pick<UserInput, "kind" | "title" | "questions">;

/** What a request is about, in one line: `Bash: rm -rf dist`, or what the agent asks. */
export function requestWords(request: Asked): string {
  if (request.kind === "question") return request.title || request.questions[0]?.question || "A question";
  const { tool_name } = request;
  const subject = subjectOf(request);
  return subject && subject !== tool_name ? `${tool_name}: ${subject}` : tool_name;
}

function subjectOf(request: Extract<Asked, { kind: "permission" }>): string {
  const { title, directory } = request;
  const input = readInput(request.tool_input);
  const { command, diffs } = requestedOf(request);
  if (command !== null) return command;
  const path = diffs[0]?.path ?? pathOf(input);
  if (path !== null) return fromFolder(path, directory);
  return textField(input, ["url", "query"]) ?? title;
}

/** What became of a request. `refused`: what was asked for did not happen. */
export type Outcome = { words: string; refused: boolean };

/** What became of a request: `Allowed once`; null while it waits. */
export function outcomeOf(request: PendingRequest): Outcome | null {
  switch (request.state) {
    case "pending":
      return null;
    case "expired":
      return { words: "Expired without an answer", refused: true };
    case "auto_resolved":
      return { words: "Resolved by the agent", refused: false };
    case "rejected":
      return { words: request.kind === "permission" ? "Rejected" : "Declined", refused: true };
    case "answered":
      return request.kind === "permission"
        ? replyOutcome(request.reply)
        : { words: "Answered", refused: false };
    default:
      return request.state satisfies never;
  }
}

function replyOutcome(reply: Reply | null): Outcome {
  switch (reply) {
    case "once":
      return { words: "Allowed once", refused: false };
    case "always":
      return { words: "Always allowed", refused: false };
    case "reject":
      return { words: "Rejected", refused: true };
    case null:
      return { words: "Answered", refused: false };
    default:
      return reply satisfies never;
  }
}
