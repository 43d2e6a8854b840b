import { useMutation, useQuery } from "@tanstack/react-query";
import { ArchiveRestore } from "lucide-react";
import { NavLink } from "react-router";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { sessionsQuery, updateSessionMutation } from "#src/web/api/queries/sessions.ts";
import { paths } from "#src/web/paths.ts";
import { cn } from "#src/web/ui/cn.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { searchSessions } from "./attention.logic.ts";

/** Sessions that were put away, each with a way back. */
export function ArchivedSessions({ search }: { search: string }) {
  const archived = useQuery(sessionsQuery({ archived: true }));
  const { mutate } = useMutation(updateSessionMutation);
  if (archived.isPending)
    return <SkeletonRows rows={4} rowClassName="h-12" label="Loading archived sessions" />;
  if (archived.isError) {
    return (
      <p role="alert" className="px-2 py-4 text-muted">
        Archived sessions could not be loaded. {messageOf(archived.error)}
      </p>
    );
  }
  const found = searchSessions(archived.data.items, search);
  const restore = (session_id: string) =>
    mutate(
      { session_id, archived: false },
      {
        onError: (error) =>
          toast.error(failureTitle(error, "The session was not restored"), messageOf(error)),
      },
    );
  return (
    <section aria-label="Archived">
      <h2 className="flex h-7 items-center gap-2 px-2 text-xs font-medium tracking-wide text-faint uppercase">
        Archived
      </h2>
      {found.length === 0 && (
        <p className="px-2 py-2 text-faint">
          {search.trim() ? "No archived session matches the filter." : "Nothing is archived."}
        </p>
      )}
      <ul>
        {found.map((session) => (
          <li key={session.id} className="flex items-center gap-1">
            <NavLink
              to={paths.session({ session_id: session.id })}
              className={({ isActive }) =>
                cn(
                  "min-w-0 flex-1 rounded-control px-2 py-1.5 ring-inside transition-colors",
                  isActive ? "bg-selected" : "hover:bg-hover",
                )
              }
            >
              <span className="block truncate">{visibleText(session.title || "Untitled session")}</span>
              <span className="block truncate text-xs text-faint">
                {visibleText(session.sandbox_name)} ·{" "}
                <RelativeTime at={session.archived_at ?? session.last_activity_at} short />
              </span>
            </NavLink>
            <IconButton
              label={`Restore ${visibleText(session.title) || "session"}`}
              icon={<ArchiveRestore size={14} />}
              size="sm"
              onClick={() => restore(session.id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
