import type { ToolCall } from "#src/transcript/rows.ts";
import { diffsOf } from "#src/transcript/tool-diffs.ts";

/** Whether a call has not ended. */
export function isRunning(tool: ToolCall): boolean {
  return tool.status === "pending" || tool.status === "in_progress";
}

/** Commands that run or failed and changes of files show what they did; the rest is a line until it is opened. */
export function opensByDefault(tool: ToolCall): boolean {
  if (tool.permissions.some((permission) => permission.response === null)) return true;
  if (diffsOf(tool).length > 0) return true;
  return tool.kind === "execute" && (isRunning(tool) || tool.status === "failed");
}

/** How a call went, in words; null while it runs and where the absence of words says it. */
export function statusWords(tool: ToolCall): { words: string; failed: boolean } | null {
  if (isRunning(tool)) return null;
  const refusal = refusalWords(tool);
  if (refusal !== null) return { words: refusal, failed: true };
  if (tool.kind === "execute" && tool.exit_code !== null) {
    return tool.exit_code === 0
      ? { words: "✓ exit 0", failed: false }
      : { words: `✗ exit ${tool.exit_code}`, failed: true };
  }
  return tool.status === "failed" ? { words: "✗ failed", failed: true } : null;
}

/** Why its permission kept a call from running; null when it did not. */
function refusalWords(tool: ToolCall): string | null {
  const response = tool.permissions.at(-1)?.response;
  if (!response || response.approved) return null;
  return response.state === "expired" ? "not answered" : "rejected";
}
