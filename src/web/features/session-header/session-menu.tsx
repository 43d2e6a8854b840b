import { useMutation } from "@tanstack/react-query";
import {
  Archive,
  ArchiveRestore,
  CircleStop,
  Copy,
  Download,
  Ellipsis,
  Link2,
  Pencil,
  RotateCcw,
} from "lucide-react";
import type { Session } from "#src/domain/session.ts";
import { isBusy, sessionCan } from "#src/domain/session-can.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { updateSessionMutation } from "#src/web/api/queries/sessions.ts";
import { confirmAction } from "#src/web/ui/confirm-store.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#src/web/ui/menu.tsx";
import { toast } from "#src/web/ui/toast.tsx";

type SessionMenuProps = {
  session: Session;
  onRename: () => void;
  /** The whole transcript as Markdown. */
  onExport: (how: "copy" | "download") => void;
};

/** What can be done with a session as a whole. */
export function SessionMenu({ session, onRename, onExport }: SessionMenuProps) {
  const update = useMutation({
    ...updateSessionMutation,
    onError: (error) => toast.error(failureTitle(error, "The session was not changed"), messageOf(error)),
  });
  const { id: session_id } = session;
  const archive = () =>
    update.mutate(
      { session_id, archived: true },
      {
        onSuccess: () => toast.undo("Session archived", () => update.mutate({ session_id, archived: false })),
      },
    );
  const end = async () => {
    const confirmed = await confirmAction({
      title: "End this session?",
      body: isBusy(session)
        ? "Its turn is stopped and the agent's process ends. The history stays; it can be reopened."
        : "The agent's process ends. The history stays; it can be reopened.",
      action: "End session",
      danger: true,
    });
    if (confirmed) update.mutate({ session_id, state: "completed" });
  };
  const copyLink = async () => {
    await navigator.clipboard.writeText(location.href.replace(/#.*$/, ""));
    toast.success("Link copied");
  };
  return (
    <Menu trigger={<IconButton size="sm" label="Session actions" icon={<Ellipsis size={16} />} />}>
      <MenuItem icon={<Pencil size={14} />} onSelect={onRename}>
        Rename
      </MenuItem>
      <MenuItem icon={<Link2 size={14} />} onSelect={() => void copyLink()}>
        Copy link
      </MenuItem>
      <MenuItem icon={<Copy size={14} />} onSelect={() => onExport("copy")}>
        Copy transcript as Markdown
      </MenuItem>
      <MenuItem icon={<Download size={14} />} onSelect={() => onExport("download")}>
        Download transcript
      </MenuItem>
      <MenuSeparator />
      {session.archived_at === null ? (
        <MenuItem icon={<Archive size={14} />} disabled={!sessionCan.archive(session)} onSelect={archive}>
          Archive
        </MenuItem>
      ) : (
        <MenuItem
          icon={<ArchiveRestore size={14} />}
          onSelect={() => update.mutate({ session_id, archived: false })}
        >
          Restore
        </MenuItem>
      )}
      {sessionCan.reopen(session) ? (
        <MenuItem
          icon={<RotateCcw size={14} />}
          onSelect={() => update.mutate({ session_id, state: "active" })}
        >
          Reopen session
        </MenuItem>
      ) : (
        <MenuItem danger icon={<CircleStop size={14} />} onSelect={() => void end()}>
          End session…
        </MenuItem>
      )}
    </Menu>
  );
}
