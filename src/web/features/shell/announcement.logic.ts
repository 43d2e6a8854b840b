import type { PendingRequest } from "#src/domain/request.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";

/** What to say about requests that just came; null for none. */
export function announcement(requests: readonly PendingRequest[]): string | null {
  const [first, ...others] = requests;
  if (!first) return null;
  const more = others.length > 0 ? ` And ${others.length} more.` : "";
  if (first.kind === "permission") {
    const { agent, tool_name, title } = first;
    return visibleText(`Permission required: ${agent} asks to use ${tool_name}. ${title}${more}`.trim());
  }
  return visibleText(`${first.agent} asks: ${first.questions[0]?.question ?? first.title}${more}`.trim());
}
