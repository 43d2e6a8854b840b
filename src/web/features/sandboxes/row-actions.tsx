import { Ellipsis, LoaderCircle, MessageSquarePlus, Trash2 } from "lucide-react";
import { Link } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { paths } from "#src/web/paths.ts";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Menu, MenuItem, MenuSeparator } from "#src/web/ui/menu.tsx";
import { lifecycleIcons } from "./lifecycle-icon.tsx";
import { lifecycleButtons, missingActions } from "./lifecycle.logic.ts";
import { useLifecycle } from "./use-lifecycle.ts";

type RowActionsProps = { sandbox: Sandbox; backend: Backend | undefined };

/** A row's buttons: the likeliest as icons, all of them in the menu. */
export function RowActions({ sandbox, backend }: RowActionsProps) {
  const { asked, run, remove } = useLifecycle(sandbox);
  const buttons = lifecycleButtons(sandbox, backend?.capabilities);
  const shortcuts = buttons.filter(({ action }) => action !== "pause");
  return (
    <div className="relative flex justify-end gap-0.5">
      {shortcuts.map(({ action, label, busy }) => {
        const waiting = busy || asked === action;
        return (
          <IconButton
            key={action}
            size="sm"
            label={busy ? label : `${label.replace(" sandbox", "")} ${sandbox.name}`}
            icon={waiting ? <LoaderCircle size={14} className="animate-spin" /> : lifecycleIcons[action]}
            aria-disabled={waiting || asked !== null}
            onClick={() => !waiting && asked === null && run(action)}
            className="aria-disabled:opacity-40"
          />
        );
      })}
      <Menu
        trigger={
          <IconButton
            size="sm"
            label={`More for ${sandbox.name}`}
            icon={
              asked === "delete" ? (
                <LoaderCircle size={14} className="animate-spin" />
              ) : (
                <Ellipsis size={14} />
              )
            }
          />
        }
      >
        {sandboxCan.startSession(sandbox) && (
          <MenuItem asChild>
            <Link to={paths.newSession({ sandbox: sandbox.id })}>
              <MessageSquarePlus size={14} className="text-muted" aria-hidden />
              New session
            </Link>
          </MenuItem>
        )}
        {buttons.map(({ action, label, busy }) => (
          <MenuItem
            key={action}
            icon={lifecycleIcons[action]}
            disabled={busy || asked !== null}
            onSelect={() => run(action)}
          >
            {label}
          </MenuItem>
        ))}
        {backend &&
          missingActions(sandbox, backend.capabilities).map(({ label, reason }) => (
            <MenuItem key={label} reason={reason}>
              {label}
            </MenuItem>
          ))}
        {sandboxCan.delete(sandbox, backend?.capabilities) && (
          <>
            <MenuSeparator />
            <MenuItem danger icon={<Trash2 size={14} />} disabled={asked !== null} onSelect={remove}>
              Delete sandbox…
            </MenuItem>
          </>
        )}
      </Menu>
    </div>
  );
}
