import { Link } from "react-router";
import type { Session } from "#src/domain/session.ts";
import { paths } from "#src/web/paths.ts";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { StateDot } from "#src/web/ui/state-dot.tsx";
import { sessionSign } from "./session-sign.logic.ts";

/** Sessions, one link each, with what each of them does or waits for. */
export function SessionRows({ sessions }: { sessions: readonly Session[] }) {
  return (
    <ul aria-label="Sessions" className="divide-y divide-border rounded-card border border-border">
      {sessions.map((session) => (
        <SessionRow key={session.id} session={session} />
      ))}
    </ul>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { tone, label } = sessionSign(session);
  return (
    <li className="relative flex h-13 items-center gap-3 px-3 transition-colors hover:bg-hover">
      <div className="min-w-0 flex-1">
        <Link
          to={paths.session({ session_id: session.id })}
          className="block truncate font-medium after:absolute after:inset-0"
        >
          {session.title || "Untitled session"}
        </Link>
        <span className="block truncate text-xs text-muted">
          {session.pending_summary ?? session.last_error ?? session.agent}
        </span>
      </div>
      <StateDot tone={tone} label={label} />
      <RelativeTime at={session.last_activity_at} className="relative w-20 text-right text-xs text-faint" />
    </li>
  );
}
