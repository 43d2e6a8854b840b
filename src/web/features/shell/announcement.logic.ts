import type { PendingRequest } from "#src/domain/request.ts";

/** What to say about requests that just came; null for none. */
export function announcement(requests: readonly PendingRequest[]): string | null {
  const [first, ...others] = requests;
  if (!first) return null;
  const more = others.length > 0 ? ` And ${others.length} more.` : "";
  if (first.kind === "permission") {
    return `Permission required: ${first.agent} asks to use ${first.tool_name}. ${first.title}${more}`.trim();
  }
  return `${first.agent} asks: ${first.questions[0]?.question ?? first.title}${more}`.trim();
}
