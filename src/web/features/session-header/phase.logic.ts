import type { Sandbox } from "#src/domain/sandbox.ts";
import type { Session } from "#src/domain/session.ts";
import { isBusy } from "#src/domain/session-can.ts";
import type { OpenTurn } from "#src/transcript/rows.ts";
import type { Tone } from "#src/web/ui/state-dot.tsx";

/** What a session does now, as one word with its sign. `since` is there while something runs or waits. */
export type Phase = { tone: Tone; word: string; since: string | null };

type Subject = Pick<
  Session,
  "state" | "stopping" | "archived_at" | "turn_started_at" | "pending_permissions" | "pending_questions"
>;

/**
 * The state of a session from what the server says of it, its sandbox and its open turn; what needs a person comes
 * first. A turn cannot run in a sandbox that does not, whatever was heard last.
 */
export function phaseOf(
  session: Subject,
  sandbox: Pick<Sandbox, "state"> | null | undefined,
  turn: OpenTurn | null,
): Phase {
  const since = turn?.started_at ?? session.turn_started_at;
  const asked = turn?.asked_at ?? since;
  const alive = sandbox === undefined || sandbox?.state === "running";
  if (session.archived_at !== null) return still("stopped", "archived");
  if (session.state === "failed") return still("failed", "failed");
  if (session.state === "completed") return still("stopped", "ended");
  if (!alive) return still("offline", sandbox ? `sandbox ${sandbox.state}` : "sandbox gone");
  if (session.stopping || turn?.stopping) return { tone: "working", word: "stopping", since };
  if (session.pending_permissions > 0) return { tone: "permission", word: "needs permission", since: asked };
  if (session.pending_questions > 0) return { tone: "question", word: "needs an answer", since: asked };
  if (turn || isBusy(session)) return { tone: "working", word: "working", since };
  return still("stopped", "ready");
}

function still(tone: Tone, word: string): Phase {
  return { tone, word, since: null };
}
