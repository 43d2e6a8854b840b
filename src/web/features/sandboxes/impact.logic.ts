import type { ResponseOf } from "#src/contract/routes.ts";
import { formatPlural } from "#src/lib/format.ts";

/** What stopping or deleting a sandbox would lose, as the server counts it. */
export type Impact = ResponseOf<"GET /sandboxes/{sandbox_id}/impact">;

/** One loss in words, with the names behind the number. */
export type Loss = { text: string; names: readonly string[] };

/** What a stop interrupts: only what runs now. Files, sessions and queued messages stay. */
export function stopLosses(impact: Impact): readonly Loss[] {
  return [
    ...(impact.running_turns.length > 0
      ? [
          {
            text: `${formatPlural(impact.running_turns.length, "running turn")} will be interrupted`,
            names: titles(impact),
          },
        ]
      : []),
    ...(impact.pending_requests > 0
      ? [
          {
            text: `${formatPlural(impact.pending_requests, "open request")} will expire unanswered`,
            names: [],
          },
        ]
      : []),
  ];
}

/** What a delete takes away for good, the hardest to get back first. */
export function deleteLosses(impact: Impact): readonly Loss[] {
  const losses: Loss[] = [];
  if (impact.changed_files.length > 0) {
    losses.push({
      text: `${formatPlural(impact.changed_files.length, "changed file")} not committed or not pushed`,
      names: impact.changed_files,
    });
  }
  if (impact.file_count !== null && impact.file_count > 0) {
    losses.push({ text: `${formatPlural(impact.file_count, "file")} in its folder`, names: [] });
  }
  losses.push(...stopLosses(impact));
  if (impact.queued_messages > 0) {
    losses.push({
      text: `${formatPlural(impact.queued_messages, "queued message")} will not be sent`,
      names: [],
    });
  }
  return losses;
}

function titles(impact: Impact): readonly string[] {
  return impact.running_turns.map(({ title, session_id }) => title || session_id);
}
