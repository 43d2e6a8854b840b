import { Box, Cable, Inbox, KeyRound, type LucideIcon, Plus, Search, Settings } from "lucide-react";
import type { ReactNode } from "react";
import { Link, NavLink } from "react-router";
import { paths } from "#src/web/paths.ts";
import { buttonClass } from "#src/web/ui/button.tsx";
import { cn } from "#src/web/ui/cn.ts";
import { Kbd } from "#src/web/ui/kbd.tsx";
import { Brand } from "./brand.tsx";
import { ConnectionFooter } from "./connection-footer.tsx";

const pages: { name: string; to: string; icon: LucideIcon }[] = [
  { name: "Inbox", to: paths.inbox(), icon: Inbox },
  { name: "Sandboxes", to: paths.sandboxes(), icon: Box },
  { name: "Secrets", to: paths.secrets(), icon: KeyRound },
  { name: "Backends", to: paths.backends(), icon: Cable },
  { name: "Settings", to: paths.settings(), icon: Settings },
];

type SidebarProps = {
  /** The sandbox that a new session is likely meant for. */
  sandbox_id: string | null;
  /** How many requests wait in the inbox. */
  pending: number;
  onSearch: () => void;
  /** The list of sessions. */
  children: ReactNode;
};

/** Name, search, what to start, the sessions, the other pages, and how the connections are. */
export function Sidebar({ sandbox_id, pending, onSearch, children }: SidebarProps) {
  return (
    <>
      <div className="flex flex-col gap-2 p-2">
        <div className="flex h-8 items-center max-md:hidden">
          <Brand />
        </div>
        <button
          type="button"
          onClick={onSearch}
          className="flex h-8 items-center gap-2 rounded-control border border-border bg-bg px-2 text-left text-faint transition-colors hover:bg-hover pointer-coarse:h-10"
        >
          <Search size={16} aria-hidden />
          <span className="flex-1">Search or run…</span>
          <Kbd keys="mod+k" />
        </button>
        <Link to={paths.newSession({ sandbox: sandbox_id ?? "" })} className={cn(buttonClass(), "w-full")}>
          <Plus size={16} aria-hidden />
          New session
        </Link>
      </div>
      {children}
      <nav aria-label="Pages" className="border-t border-border p-2">
        <ul className="flex flex-col">
          {pages.map(({ name, to, icon: Icon }) => (
            <li key={name}>
              <NavLink
                to={to}
                className={({ isActive }) =>
                  cn(
                    "flex h-7 items-center gap-2 rounded-control px-2 ring-inside transition-colors pointer-coarse:h-10",
                    isActive ? "bg-selected text-text" : "text-muted hover:bg-hover hover:text-text",
                  )
                }
              >
                <Icon size={16} aria-hidden />
                {name}
                {to === paths.inbox() && pending > 0 && (
                  <span className="ml-auto text-xs font-medium text-permission">{pending}</span>
                )}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <ConnectionFooter />
    </>
  );
}
