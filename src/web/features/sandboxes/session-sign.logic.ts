import type { Session } from "#src/domain/session.ts";
import type { Tone } from "#src/web/ui/state-dot.tsx";

type Subject = Pick<
  Session,
  "state" | "stopping" | "last_error" | "pending_permissions" | "pending_questions"
>;

/** A session's state in one sign: what needs a person before what merely happens. */
export function sessionSign(session: Subject): { tone: Tone; label: string } {
  if (session.pending_permissions > 0) return { tone: "permission", label: "needs permission" };
  if (session.pending_questions > 0) return { tone: "question", label: "needs an answer" };
  if (session.stopping) return { tone: "working", label: "stopping" };
  switch (session.state) {
    case "processing":
      return { tone: "working", label: "working" };
    case "waiting_for_input":
      return { tone: "question", label: "waiting for you" };
    case "active":
      return session.last_error === null
        ? { tone: "stopped", label: "ready" }
        : { tone: "failed", label: "last turn failed" };
    case "completed":
      return { tone: "stopped", label: "ended" };
    case "failed":
      return { tone: "failed", label: "failed" };
    default:
      return session.state satisfies never;
  }
}
