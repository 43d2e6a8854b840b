import { useMutation, useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import {
  Archive,
  Box,
  Cable,
  Inbox,
  Keyboard,
  KeyRound,
  MessageSquare,
  Monitor,
  Moon,
  Plus,
  Settings,
  Square,
  Sun,
} from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { useNavigate, useParams } from "react-router";
import { sessionCan } from "#src/domain/session-can.ts";
import { failureTitle, messageOf } from "#src/web/api/api-error.ts";
import { sandboxesQuery } from "#src/web/api/queries/sandboxes.ts";
import { interruptMutation, sessionsQuery, updateSessionMutation } from "#src/web/api/queries/sessions.ts";
import { paths } from "#src/web/paths.ts";
import { visibleText } from "#src/web/ui/content/visible-text.ts";
import { overlayClass } from "#src/web/ui/dialog.tsx";
import { setTheme } from "#src/web/ui/theme.ts";
import { toast } from "#src/web/ui/toast.tsx";

type PaletteProps = { onClose: () => void; onShortcuts: () => void };

/** Everything by name: sessions, sandboxes, actions, pages. */
export function Palette({ onClose, onShortcuts }: PaletteProps) {
  const navigate = useNavigate();
  const { data: sessions } = useQuery(sessionsQuery());
  const { data: sandboxes = [] } = useQuery(sandboxesQuery());
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  const go = (path: string) => run(() => void navigate(path));

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className={overlayClass} />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[min(40rem,calc(100vw-1.5rem))] -translate-x-1/2 animate-fade-in overflow-hidden rounded-card border border-border bg-raised shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">Search or run</Dialog.Title>
          <Command label="Search or run" loop>
            <Command.Input
              placeholder="Search sessions, sandboxes, actions…"
              className="h-11 w-full border-b border-border bg-transparent px-4 text-base outline-none"
            />
            <Command.List className="max-h-[min(26rem,60dvh)] scroll-column p-1">
              <Command.Empty className="px-3 py-6 text-center text-muted">Nothing matches.</Command.Empty>
              <SessionActions run={run} />
              <Group heading="Actions">
                <Item icon={<Plus size={16} />} onSelect={go(paths.newSession())}>
                  New session
                </Item>
                <Item icon={<Box size={16} />} onSelect={go(paths.newSandbox())}>
                  New sandbox
                </Item>
                <Item icon={<Cable size={16} />} onSelect={go(paths.newBackend())}>
                  Connect a backend
                </Item>
                <Item icon={<Keyboard size={16} />} onSelect={run(onShortcuts)}>
                  Keyboard shortcuts
                </Item>
                <Item icon={<Sun size={16} />} onSelect={run(() => setTheme("light"))}>
                  Theme: light
                </Item>
                <Item icon={<Moon size={16} />} onSelect={run(() => setTheme("dark"))}>
                  Theme: dark
                </Item>
                <Item icon={<Monitor size={16} />} onSelect={run(() => setTheme("system"))}>
                  Theme: system
                </Item>
              </Group>
              <Group heading="Pages">
                <Item icon={<Inbox size={16} />} onSelect={go(paths.inbox())}>
                  Inbox
                </Item>
                <Item icon={<Box size={16} />} onSelect={go(paths.sandboxes())}>
                  Sandboxes
                </Item>
                <Item icon={<KeyRound size={16} />} onSelect={go(paths.secrets())}>
                  Secrets
                </Item>
                <Item icon={<Cable size={16} />} onSelect={go(paths.backends())}>
                  Backends
                </Item>
                <Item icon={<Settings size={16} />} onSelect={go(paths.settings())}>
                  Settings
                </Item>
              </Group>
              <Group heading="Sessions">
                {sessions?.items.map(({ id, title, sandbox_name, agent }) => (
                  <Item
                    key={id}
                    value={`${title} ${sandbox_name} ${agent} ${id}`}
                    icon={<MessageSquare size={16} />}
                    detail={visibleText(`${agent} · ${sandbox_name}`)}
                    onSelect={go(paths.session({ session_id: id }))}
                  >
                    {visibleText(title || "Untitled session")}
                  </Item>
                ))}
              </Group>
              <Group heading="Sandboxes">
                {sandboxes.map(({ id, name, state, repository }) => (
                  <Item
                    key={id}
                    value={`${name} ${repository ?? ""} ${id}`}
                    icon={<Box size={16} />}
                    detail={state}
                    onSelect={go(paths.sandbox({ sandbox_id: id }))}
                  >
                    {name}
                  </Item>
                ))}
              </Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** What can be done with the session that is open. */
function SessionActions({ run }: { run: (action: () => void) => () => void }) {
  const { session_id } = useParams();
  const { data: sessions } = useQuery(sessionsQuery());
  const { mutate: interrupt } = useMutation(interruptMutation);
  const { mutate: update } = useMutation(updateSessionMutation);
  const session = sessions?.items.find(({ id }) => id === session_id);
  if (!session) return null;
  const onError = (error: Error) => toast.error(failureTitle(error, "That did not work"), messageOf(error));
  return (
    <Group heading="This session">
      {sessionCan.stop(session) && (
        <Item
          icon={<Square size={16} />}
          onSelect={run(() => interrupt({ session_id: session.id }, { onError }))}
        >
          Stop the turn
        </Item>
      )}
      {sessionCan.archive(session) && (
        <Item
          icon={<Archive size={16} />}
          onSelect={run(() => update({ session_id: session.id, archived: true }, { onError }))}
        >
          Archive this session
        </Item>
      )}
    </Group>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

type ItemProps = {
  icon: ReactNode;
  /** What is searched, when it is more than the words shown. */
  value?: string;
  detail?: string;
  onSelect: () => void;
  children: ReactNode;
};

function Item({ icon, value, detail, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-default items-center gap-2.5 rounded-control px-2 select-none data-[selected=true]:bg-selected pointer-coarse:h-11"
    >
      <span className="text-faint">{icon}</span>
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {detail && <span className="shrink-0 text-xs text-faint">{detail}</span>}
    </Command.Item>
  );
}
