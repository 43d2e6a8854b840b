import type { PendingRequest } from "#src/domain/request.ts";

/** What a request is about, in one line: `Bash: rm -rf dist`, or what the agent asks. */
export function requestWords(request: PendingRequest): string {
  if (request.kind === "question") return request.title || (request.questions[0]?.question ?? "");
  const command = commandOf(request.tool_input) ?? request.diffs[0]?.path ?? request.title;
  return command && command !== request.tool_name ? `${request.tool_name}: ${command}` : request.tool_name;
}

/** The part of a tool's input that says most; inputs are the agents' own, so any may be missing. */
function commandOf(input: unknown): string | null {
  if (typeof input !== "object" || input === null) return null;
  for (const name of ["command", "file_path", "path", "url", "query"]) {
    const value: unknown = Object.entries(input).find(([key]) => key === name)?.[1];
    if (typeof value === "string" && value !== "") return value;
    if (Array.isArray(value) && value.every((part) => typeof part === "string")) return value.join(" ");
  }
  return null;
}
