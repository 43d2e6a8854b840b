import { formatDuration } from "#src/lib/format.ts";
import type { PermissionState } from "#src/transcript/rows.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";

/** An answered permission in words: `Allowed once`, `by ada (browser) after 4.2 s`. */
export function permissionWords({ response, requested_at, responded_at }: PermissionState): {
  verdict: string;
  how: string;
} {
  if (!response) return { verdict: "", how: "" };
  const after = responded_at
    ? `after ${formatDuration(Date.parse(responded_at) - Date.parse(requested_at))}`
    : "";
  if (response.state === "expired") return { verdict: "Expired", how: `without an answer ${after}`.trim() };
  const by = response.by
    ? `by ${visibleText(response.by.name)}${response.by.client ? ` (${visibleText(response.by.client)})` : ""}`
    : "";
  const how =
    response.state === "auto_resolved" ? "by the agent's own rules" : [by, after].filter(Boolean).join(" ");
  return { verdict: verdictOf(response), how };
}

function verdictOf({ approved, reply }: NonNullable<PermissionState["response"]>): string {
  if (!approved) return "Rejected";
  return reply === "always" ? "Always allowed" : reply === "once" ? "Allowed once" : "Allowed";
}
