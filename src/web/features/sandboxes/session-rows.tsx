import { Link } from "react-router";
import type { Session } from "#src/domain/session.ts";
import { paths } from "#src/web/paths.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
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
  const summary = session.pending_summary ?? session.last_error ?? session.agent;
  return (
    <li className="relative flex h-13 flex-col justify-center px-3 transition-colors hover:bg-hover">
      <div className="flex items-baseline gap-3">
        <Link
          to={paths.session({ session_id: session.id })}
          className="min-w-0 flex-1 truncate font-medium after:absolute after:inset-0"
        >
          {visibleText(session.title || "Untitled session")}
        </Link>
        <RelativeTime at={session.last_activity_at} className="relative z-10 shrink-0 text-xs text-faint" />
      </div>
      <div className="flex items-center gap-2">
        <StateDot tone={tone} label={label} className="shrink-0" />
        <span className="min-w-0 truncate text-xs text-muted">{visibleText(summary)}</span>
      </div>
    </li>
  );
}
