import { Archive } from "lucide-react";
import { NavLink } from "react-router";
import type { Session } from "#src/domain/session.ts";
import { sessionCan } from "#src/domain/session-can.ts";
import { formatElapsed, formatRelative } from "#src/lib/format.ts";
import { sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { useStall } from "#src/web/api/queries/stall.ts";
import { paths } from "#src/web/paths.ts";
import { cn } from "#src/web/ui/cn.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { useNow } from "#src/web/ui/now.ts";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { StateDot, type Tone } from "#src/web/ui/state-dot.tsx";
import { type Attention, hasFailed, type SessionEntry } from "./attention.logic.ts";

type SessionRowProps = SessionEntry & { onArchive: (session: Session) => void };

/** Two lines about a session: what it waits for or is called, and where it runs since when. */
export function SessionRow({ session, attention, onArchive }: SessionRowProps) {
  const waits = attention === "permission" || attention === "question";
  const state = stateOf(session, attention);
  return (
    <li className="group relative">
      <NavLink
        to={paths.session({ session_id: session.id })}
        className={({ isActive }) =>
          cn(
            "flex h-13 gap-2 rounded-control px-2 py-1.5 ring-inside transition-colors",
            isActive ? "bg-selected" : "hover:bg-hover",
          )
        }
      >
        <StateDot tone={state.tone} label={state.word} signOnly className="mt-0.5 self-start" />
        <span className="min-w-0 flex-1">
          <span
            className={cn(
              "block truncate",
              (waits || attention === "unread") && "font-medium",
              session.title === "" && "text-muted",
            )}
          >
            {visibleText((waits && session.pending_summary) || session.title || "Untitled session")}
          </span>
          <span className="flex gap-1 truncate text-xs text-faint">
            {state.shown && <span className={cn("shrink-0", state.colour)}>{state.word}</span>}
            {state.shown && <span aria-hidden>·</span>}
            <span className="truncate">
              {visibleText(waits && session.title ? session.title : session.sandbox_name)}
            </span>
            <span aria-hidden>·</span>
            <span className="shrink-0">
              {attention === "working" && session.turn_started_at ? (
                <WorkingTime session={session} since={session.turn_started_at} />
              ) : (
                <RelativeTime at={session.last_activity_at} short />
              )}
            </span>
          </span>
        </span>
      </NavLink>
      {sessionCan.archive(session) && (
        <IconButton
          label={`Archive ${visibleText(session.title) || "session"}`}
          icon={<Archive size={14} />}
          size="sm"
          onClick={() => onArchive(session)}
          className="absolute top-1.5 right-1.5 bg-surface opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
        />
      )}
    </li>
  );
}

const listKey = sessionsQuery().queryKey;

/** For how long it works; or for how long it has said nothing, once that is long. */
function WorkingTime({ session: { heard_at, stopping }, since }: { session: Session; since: string }) {
  const now = useNow("fast");
  const silent = useStall(
    { heard_at: heard_at === null ? null : Date.parse(heard_at), waits: stopping },
    listKey,
    now,
  );
  if (silent === null || heard_at === null) return formatElapsed(now - Date.parse(since));
  return <span className="text-permission">silent {formatRelative(heard_at, now, { short: true })}</span>;
}

type RowState = { tone: Tone; word: string; colour?: string; shown: boolean };

/** Its sign and word; the word is printed where a person should act or know. */
function stateOf(session: Session, attention: Attention): RowState {
  switch (attention) {
    case "permission":
      return { tone: "permission", word: "Permission", colour: "text-permission", shown: true };
    case "question":
      return { tone: "question", word: "Question", colour: "text-question", shown: true };
    case "failed":
      return { tone: "failed", word: "Failed", colour: "text-failed", shown: true };
    case "working":
      return { tone: "working", word: session.stopping ? "Stopping" : "Working", shown: session.stopping };
    case "unread":
      return { tone: "unread", word: "Unread", shown: false };
    case "rest":
      return hasFailed(session)
        ? { tone: "failed", word: "Failed", colour: "text-failed", shown: true }
        : {
            tone: "stopped",
            word: session.state === "completed" ? "Ended" : "Idle",
            shown: session.state === "completed",
          };
    default:
      return attention satisfies never;
  }
}
