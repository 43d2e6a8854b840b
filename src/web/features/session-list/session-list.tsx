import { useMutation, useQuery } from "@tanstack/react-query";
import { Archive } from "lucide-react";
import { useEffect, useId, useMemo, useState } from "react";
import { useNavigate, useParams } from "react-router";
import type { Session } from "#src/domain/session.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { sessionsQuery, updateSessionMutation } from "#src/web/api/queries/sessions.ts";
import { paths } from "#src/web/paths.ts";
import { Button } from "#src/web/ui/button.tsx";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Input } from "#src/web/ui/input.tsx";
import { useShortcut } from "#src/web/ui/shortcut.ts";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { toast } from "#src/web/ui/toast.tsx";
import { ArchivedSessions } from "./archived-sessions.tsx";
import { groupSessions, searchSessions, type SessionGroup } from "./attention.logic.ts";
import { beginSeen, useSeen } from "./seen.ts";
import { SessionRow } from "./session-row.tsx";

const recentAtFirst = 30;

/** Every session, ordered by what needs a person. */
export function SessionList() {
  const sessions = useQuery(sessionsQuery());
  const [search, setSearch] = useState("");
  const [showsArchived, setShowsArchived] = useState(false);
  const items = sessions.data?.items;
  const groups = useGroups(items, search);
  useSessionShortcuts(groups);

  return (
    <section aria-label="Sessions" className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-1 px-2 pb-1">
        <Input
          type="search"
          aria-label="Filter sessions"
          placeholder="Filter sessions"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="h-7 border-border!"
        />
        <IconButton
          label={showsArchived ? "Show current sessions" : "Show archived sessions"}
          icon={<Archive size={16} />}
          size="sm"
          pressed={showsArchived}
          onClick={() => setShowsArchived(!showsArchived)}
        />
      </div>
      <div className="min-h-0 flex-1 scroll-column px-2 pb-2">
        {showsArchived ? (
          <ArchivedSessions search={search} />
        ) : items ? (
          <Groups groups={groups} isSearching={search.trim() !== ""} hasSessions={items.length > 0} />
        ) : sessions.isError ? (
          <div role="alert" className="px-2 py-4 text-muted">
            <p>Sessions could not be loaded. {messageOf(sessions.error)}</p>
            <Button size="sm" className="mt-2" onClick={() => void sessions.refetch()}>
              Try again
            </Button>
          </div>
        ) : (
          <SkeletonRows rows={6} rowClassName="h-12" label="Loading sessions" />
        )}
      </div>
    </section>
  );
}

function useGroups(items: readonly Session[] | undefined, search: string): SessionGroup[] {
  const seen = useSeen();
  useEffect(() => {
    if (items) beginSeen(items.map(({ last_event_id }) => last_event_id));
  }, [items]);
  return useMemo(
    () => (items && seen ? groupSessions(searchSessions(items, search), seen) : []),
    [items, seen, search],
  );
}

type GroupsProps = { groups: readonly SessionGroup[]; isSearching: boolean; hasSessions: boolean };

function Groups({ groups, isSearching, hasSessions }: GroupsProps) {
  const id = useId();
  const [showsAll, setShowsAll] = useState(false);
  const archive = useArchive();
  if (!hasSessions) return <p className="px-2 py-4 text-faint">Sessions that you start appear here.</p>;
  if (groups.length === 0) return <p className="px-2 py-4 text-faint">No session matches the filter.</p>;
  return groups.map(({ name, entries }) => {
    const isCut = name === "Recent" && !showsAll && !isSearching && entries.length > recentAtFirst;
    const shown = isCut ? entries.slice(0, recentAtFirst) : entries;
    return (
      <div key={name}>
        <h2
          id={`${id}-${name}`}
          className="flex h-7 items-center gap-2 px-2 text-xs font-medium tracking-wide text-faint uppercase"
        >
          {name}
          {name !== "Recent" && <span className="text-muted">{entries.length}</span>}
        </h2>
        <ul aria-labelledby={`${id}-${name}`}>
          {shown.map((entry) => (
            <SessionRow key={entry.session.id} {...entry} onArchive={archive} />
          ))}
        </ul>
        {isCut && (
          <Button variant="ghost" size="sm" className="w-full" onClick={() => setShowsAll(true)}>
            Show {entries.length - recentAtFirst} more
          </Button>
        )}
      </div>
    );
  });
}

/** Archives without asking, because it can be taken back. */
function useArchive() {
  const { mutate } = useMutation(updateSessionMutation);
  return (session: Session) =>
    mutate(
      { session_id: session.id, archived: true },
      {
        onSuccess: () =>
          toast.undo(`Archived “${visibleText(session.title || "Untitled session")}”`, () =>
            mutate({ session_id: session.id, archived: false }),
          ),
        onError: (error) =>
          toast.error(failureTitle(error, "The session was not archived"), messageOf(error)),
      },
    );
}

/** alt+↑ and alt+↓ go through the list as it is shown, with shift through what needs a person or is unread. */
function useSessionShortcuts(groups: readonly SessionGroup[]): void {
  const navigate = useNavigate();
  const { session_id } = useParams();
  const step = (by: 1 | -1, onlyWanted: boolean) => {
    const entries = groups
      .flatMap((group) => group.entries)
      .filter(
        ({ session, attention }) =>
          !onlyWanted || session.id === session_id || (attention !== "rest" && attention !== "working"),
      );
    const here = entries.findIndex(({ session }) => session.id === session_id);
    const next = here < 0 ? entries.at(by > 0 ? 0 : -1) : entries[here + by];
    if (next) void navigate(paths.session({ session_id: next.session.id }));
  };
  useShortcut("alt+arrowdown", () => step(1, false));
  useShortcut("alt+arrowup", () => step(-1, false));
  useShortcut("alt+shift+arrowdown", () => step(1, true));
  useShortcut("alt+shift+arrowup", () => step(-1, true));
}
