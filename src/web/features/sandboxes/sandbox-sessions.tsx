import { useQuery } from "@tanstack/react-query";
import { MessageSquarePlus } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { messageOf } from "#src/web/api/api-error.ts";
import { sessionsQuery } from "#src/web/api/queries/sessions.ts";
import { paths } from "#src/web/paths.ts";
import { buttonClass } from "#src/web/ui/button.tsx";
import { EmptyState } from "#src/web/ui/empty-state.tsx";
import { ErrorState } from "#src/web/ui/error-state.tsx";
import { SkeletonRows } from "#src/web/ui/skeleton.tsx";
import { Switch } from "#src/web/ui/switch.tsx";
import { SessionRows } from "./session-rows.tsx";

type SandboxSessionsProps = { sandbox: Sandbox; backend: Backend | undefined };

/** The sessions of a sandbox, newest activity first. */
export function SandboxSessions({ sandbox, backend }: SandboxSessionsProps) {
  const [archived, setArchived] = useState(false);
  const sessions = useQuery(sessionsQuery({ sandbox: sandbox.id, archived }));
  return (
    <div className="flex flex-col gap-3 pt-4">
      <div className="flex flex-wrap items-center gap-3">
        <Switch label="Archived" checked={archived} onCheckedChange={setArchived} />
      </div>
      {sessions.isPending ? (
        <SkeletonRows rows={4} rowClassName="h-13" label="Loading sessions" />
      ) : !sessions.data ? (
        <ErrorState
          title="Sessions could not be loaded"
          text={messageOf(sessions.error)}
          onRetry={() => void sessions.refetch()}
          retrying={sessions.isFetching}
        />
      ) : sessions.data.items.length === 0 ? (
        <NoSessions sandbox={sandbox} backend={backend} archived={archived} />
      ) : (
        <SessionRows sessions={sessions.data.items} />
      )}
    </div>
  );
}

function NoSessions({ sandbox, backend, archived }: SandboxSessionsProps & { archived: boolean }) {
  if (archived)
    return <EmptyState title="No archived sessions" text="Archived sessions can be restored from here." />;
  if (backend && !backend.capabilities.sessions.create) {
    return (
      <EmptyState
        title="No sessions"
        text={
          backend.capabilities.notes["sessions.create"] ?? "Its backend does not let Sandbar start sessions."
        }
      />
    );
  }
  if (!sandboxCan.startSession(sandbox)) {
    return <EmptyState title="No sessions" text="Start the sandbox to begin one." />;
  }
  return (
    <EmptyState
      icon={<MessageSquarePlus size={20} />}
      title="No sessions yet"
      text="A session is one conversation with one agent in this sandbox."
      actions={
        <Link to={paths.newSession({ sandbox: sandbox.id })} className={buttonClass({ variant: "primary" })}>
          New session
        </Link>
      }
    />
  );
}
