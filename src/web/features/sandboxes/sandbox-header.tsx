import { Ellipsis, MessageSquarePlus, Trash2 } from "lucide-react";
import { Link } from "react-router";
import type { Backend } from "#src/domain/backend.ts";
import { sandboxCan } from "#src/domain/sandbox-can.ts";
import type { Sandbox } from "#src/domain/sandbox.ts";
import { paths } from "#src/web/paths.ts";
import { Button, buttonClass } from "#src/web/ui/button.tsx";
import { IconButton } from "#src/web/ui/icon-button.tsx";
import { Menu, MenuItem } from "#src/web/ui/menu.tsx";
import { RelativeTime } from "#src/web/ui/relative-time.tsx";
import { lifecycleIcons } from "./lifecycle-icon.tsx";
import { lifecycleButtons, missingActions } from "./lifecycle.logic.ts";
import { NeedsYou } from "./needs-you.tsx";
import { RepositoryName } from "./repository-name.tsx";
import { isUnreachable } from "#src/domain/backend-can.ts";
import { SandboxStateDot } from "./sandbox-state.tsx";
import { useLifecycle } from "./use-lifecycle.ts";

type SandboxHeaderProps = { sandbox: Sandbox; backend: Backend | undefined; onDeleted: () => void };

/** Who it is, how it is, and what can be done with it now. */
export function SandboxHeader({ sandbox, backend, onDeleted }: SandboxHeaderProps) {
  const { asked, run, remove } = useLifecycle(sandbox, onDeleted);
  const buttons = lifecycleButtons(sandbox, backend?.capabilities);
  const [first, ...others] = buttons;
  const missing = backend ? missingActions(sandbox, backend.capabilities) : [];
  const deletable = sandboxCan.delete(sandbox, backend?.capabilities);
  // A server that makes no sandboxes was never asked for one with an agent.
  const wasMade = backend?.capabilities.sandboxes.create !== false;
  return (
    <header className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="min-w-0 truncate text-xl font-semibold">{sandbox.name}</h1>
        <SandboxStateDot sandbox={sandbox} unreachable={isUnreachable(backend)} />
        <NeedsYou sandbox={sandbox} />
        <div className="flex items-center gap-2 max-sm:w-full sm:ml-auto">
          {sandboxCan.startSession(sandbox) && (
            <Link
              to={paths.newSession({ sandbox: sandbox.id })}
              className={buttonClass({ variant: "primary" })}
            >
              <MessageSquarePlus size={16} aria-hidden />
              New session
            </Link>
          )}
          {first && (
            <Button
              icon={lifecycleIcons[first.action]}
              busy={asked === first.action}
              aria-disabled={first.busy || asked !== null}
              onClick={() => !first.busy && asked === null && run(first.action)}
            >
              {first.label}
            </Button>
          )}
          {others.length + missing.length > 0 || deletable ? (
            <Menu trigger={<IconButton label="More actions" icon={<Ellipsis size={16} />} />}>
              {others.map(({ action, label }) => (
                <MenuItem
                  key={action}
                  icon={lifecycleIcons[action]}
                  disabled={asked !== null}
                  onSelect={() => run(action)}
                >
                  {label}
                </MenuItem>
              ))}
              {missing.map(({ label, reason }) => (
                <MenuItem key={label} reason={reason}>
                  {label}
                </MenuItem>
              ))}
              {deletable && (
                <MenuItem danger icon={<Trash2 size={14} />} disabled={asked !== null} onSelect={remove}>
                  Delete sandbox…
                </MenuItem>
              )}
            </Menu>
          ) : null}
        </div>
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        <span>{backend?.name ?? "removed backend"}</span>
        <RepositoryName sandbox={sandbox} />
        {wasMade && <span>{sandbox.agent_provider}</span>}
        <span>
          created <RelativeTime at={sandbox.created_at} />
        </span>
        <span>
          active <RelativeTime at={sandbox.last_activity_at} />
        </span>
        {sandbox.spec.auto_stop_minutes > 0 && (
          <span>stops after {sandbox.spec.auto_stop_minutes} idle minutes</span>
        )}
      </div>
    </header>
  );
}
